# SPDX-License-Identifier: MIT
"""test_pages.py FOLDER: help, man page and completion say the same as the tool."""

import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import time
import unittest

import support

PAGE = support.ROOT / "src/tool/virglcmd.1"
COMPLETION = support.ROOT / "src/tool/completion"


class Pages(support.Tool):
    def options(self):
        """{command: [(option, letter, argument)]}"""
        result = {}
        for line in self.text("--options").splitlines():
            command, option, letter, argument, _, _ = line.split("\t")
            result.setdefault(command, [])
            if option:
                result[command].append((option, letter, argument))
        return result

    def test_help(self):
        options = self.options()
        usage = self.text("--help")
        self.assertGreaterEqual(len(options), 10)
        for command, known in options.items():
            self.assertRegex(usage, rf"\n  {command} +[A-Z]")
            text = self.text(command, "--help")
            listed = re.findall(r"^  (?:-(\w), |    )--([\w-]+)(?: (\S+))?", text, re.M)
            self.assertEqual([(o, l, a) for l, o, a in listed],
                             [*known, ("help", "h", "")], command)

    def section(self, command):
        text = PAGE.read_text(encoding="utf-8")
        start = re.search(rf"^\.SS {command}\b", text, re.M)
        self.assertIsNotNone(start, f"the man page has no section about {command}")
        return re.split(r"^\.S[SH] ", text[start.end():], maxsplit=1, flags=re.M)[0]

    def test_man_page(self):
        """Each option with its letter is in the section of its command, and no other is."""
        for command, known in self.options().items():
            section = self.section(command).replace("\\-", "-")
            listed = re.findall(r"^\.BR? (?:-(\w) \", \" )?--([\w-]+)", section, re.M)
            self.assertEqual([(o, l) for l, o in listed], [(o, l) for o, l, _ in known], command)

    def test_man_page_is_sound(self):
        if shutil.which("mandoc"):
            done = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", str(PAGE)],
                                  capture_output=True, text=True, check=False)
            self.assertEqual(done.stdout, "")
        done = subprocess.run(["man", "--warnings", "-l", str(PAGE)], capture_output=True,
                              text=True, check=True,
                              env=dict(os.environ, LC_ALL="C.UTF-8", MANWIDTH="80"))
        self.assertEqual(done.stderr, "")
        self.assertIn("virglcmd", done.stdout)

    def test_completion_is_current(self):
        done = subprocess.run([sys.executable, str(COMPLETION / "make.py"), support.program(),
                               "--check"], capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stdout), (0, ""), done.stdout)

    def complete(self, *typed):
        script = (f"source '{COMPLETION}/virglcmd'\nCOMP_WORDS=(virglcmd \"$@\")\n"
                  "COMP_CWORD=$#\n_virglcmd\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n")
        done = subprocess.run(["bash", "-c", script, "bash", *typed], cwd=self.place,
                              capture_output=True, text=True, check=True)
        self.assertEqual(done.stderr, "")
        return done.stdout.split()

    def test_bash(self):
        self.assertEqual(self.complete("ro"), ["roundtrip"])
        self.assertEqual(set(self.options()) - set(self.complete("")), set())
        for command, known in self.options().items():
            self.assertEqual(sorted(self.complete(command, "--")),
                             sorted([f"--{o}" for o, _, _ in known] + ["--help"]))
        self.write("gears.vcap", b"")
        self.assertEqual(self.complete("dump", "ge"), ["gears.vcap"])
        self.assertEqual(self.complete("info", "--transport", "lo"), ["loopback"])
        self.assertEqual(self.complete("info", "-t", "vt"), ["vtest"])
        self.assertEqual(self.complete("check", "--severity", "rej"), ["reject"])
        self.assertIn("true", self.complete("record", "-o", "x", "--", "tru"))

    def check_shell(self, complete):
        """What each of the shells has to offer; complete: a command line to a list of words."""
        self.write("gears.vcap", b"")
        options = self.options()
        self.assertEqual(set(options) - set(complete("virglcmd ")), set())
        self.assertEqual(complete("virglcmd ro"), ["roundtrip"])
        self.assertIn("--version", complete("virglcmd --v"))
        for command, known in options.items():
            self.assertEqual(sorted(set(complete(f"virglcmd {command} --"))),
                             sorted([f"--{o}" for o, _, _ in known] + ["--help"]), command)
        self.assertEqual(complete("virglcmd dump ge"), ["gears.vcap"])
        self.assertEqual(complete("virglcmd info --save ge"), ["gears.vcap"])
        self.assertEqual(complete("virglcmd info --transport lo"), ["loopback"])
        self.assertEqual(complete("virglcmd info -t vt"), ["vtest"])
        self.assertEqual(complete("virglcmd check --severity rej"), ["reject"])
        self.assertEqual(complete("virglcmd explain ge"), [])
        self.assertEqual(complete("virglcmd dump --submit ge"), [])

    def test_bash_offers(self):
        self.check_shell(lambda line: self.complete(*line.split(" ")[1:]))

    @unittest.skipUnless(shutil.which("fish"), "fish is not installed")
    def test_fish_offers(self):
        def complete(line):
            script = f"source '{COMPLETION}/virglcmd.fish'; complete -C '{line}'"
            done = subprocess.run(["fish", "--no-config", "-c", script], cwd=self.place,
                                  capture_output=True, text=True, check=True, timeout=60,
                                  env=dict(os.environ, HOME=self.place))
            self.assertEqual(done.stderr, "")
            return [word.split("\t")[0] for word in done.stdout.splitlines()]
        self.check_shell(complete)

    @unittest.skipUnless(shutil.which("zsh"), "zsh is not installed")
    def test_zsh_offers(self):
        with Zsh(self.place) as shell:
            self.check_shell(shell.complete)


class Zsh:
    """A shell on a terminal: zsh completes nowhere else. A key makes it complete what is in a file."""

    SETUP = r"""
        fpath=('{completion}' $fpath)
        autoload -Uz compinit && compinit -u -D
        zstyle ':completion:*' verbose no
        # What is added for good, and not only tried.
        compadd() {{
            local -a found
            if [[ ${{@[1,(i)(-|--)]}} != *-(O|A|D)\ * ]]; then
                builtin compadd -O found "$@"
                print -rl -- $found >>'{place}/found'
            fi
            builtin compadd "$@"
        }}
        probe() {{
            BUFFER=$(<'{place}/line') CURSOR=$#BUFFER
            zle list-choices
            BUFFER=
            print END >>'{place}/found'
        }}
        zle -N probe
        bindkey '^T' probe
        cd '{place}/work'
        print END >>'{place}/found'
    """

    def __init__(self, work):
        self.place = work + ".zsh"
        os.mkdir(self.place)
        os.symlink(work, self.place + "/work")
        with open(self.place + "/setup", "w", encoding="utf-8") as file:
            file.write(self.SETUP.format(completion=COMPLETION, place=self.place))
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.environ.update(HOME=self.place, TERM="dumb")
            os.execvp("zsh", ["zsh", "-f", "-i"])

    def __enter__(self):
        self.type(f" source '{self.place}/setup'\n")
        return self

    def __exit__(self, *_):
        os.kill(self.pid, signal.SIGKILL)
        os.close(self.terminal)
        os.waitpid(self.pid, 0)
        shutil.rmtree(self.place)

    def type(self, keys):
        """What is found until it says that it has done."""
        found, said = [], b""
        with open(self.place + "/found", "w", encoding="utf-8"):
            pass
        os.write(self.terminal, keys.encode())
        end = time.monotonic() + 60
        while "END" not in found:
            if select.select([self.terminal], [], [], 0.05)[0]:
                said += os.read(self.terminal, 65536)
            with open(self.place + "/found", encoding="utf-8") as file:
                found = file.read().splitlines()
            if time.monotonic() > end:
                raise AssertionError(f"zsh does not answer: {said!r}")
        return [word for word in found if word not in ("", "END")]

    def complete(self, line):
        with open(self.place + "/line", "w", encoding="utf-8") as file:
            file.write(line)
        return self.type("\x14")


if __name__ == "__main__":
    support.main()
