# SPDX-License-Identifier: MIT
"""test_pages.py FOLDER: help, man page and completion say the same as the tool."""

import os
import re
import shutil
import subprocess
import sys
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

    def test_other_shells(self):
        for shell, name in (("zsh", "_virglcmd"), ("fish", "virglcmd.fish")):
            if shutil.which(shell):
                subprocess.run([shell, "-n", str(COMPLETION / name)], check=True)


if __name__ == "__main__":
    support.main()
