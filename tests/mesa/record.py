#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Records what Mesa's real driver sends, and asks the tool whether it understands it.

Each program of programs.txt runs under `virglcmd record`. Every packet of the capture must come
back from `virglcmd roundtrip` as it was, and `virglcmd check` must find nothing that the host
refuses.

    record.py --tool build/bin/virglcmd [--node build/bin/mesa-on-node] --out captures [--ci]
              [NAME...]
"""
import argparse
import collections
import glob
import os
import re
import shutil
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
PIGLIT = ("/usr/lib/x86_64-linux-gnu/piglit", "/usr/lib/aarch64-linux-gnu/piglit",
          "/usr/lib/piglit")
# program -> Debian's package
NEEDED = {"virgl_test_server": "virgl-server", "Xvfb": "xvfb"}
PACKAGES = {"/usr/games/billard-gl": "billard-gl", "/usr/games/chromium-bsu": "chromium-bsu",
            "glxgears": "mesa-utils", "es2gears_x11": "mesa-utils", "glmark2": "glmark2-x11",
            "glmark2-es2": "glmark2-es2-x11"}

# What roundtrip says of a packet that came back as it was.
SAME = ("identical", "identical but for padding")

Program = collections.namedtuple("Program", "name ci optional seconds result why command")


class Missing(Exception):
    """Something that has to be installed."""


def read_programs(path):
    programs = []
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            line = line.strip()
            if not line or line.startswith("#"):
                continue
            fields = [field.strip() for field in line.split("|")]
            if len(fields) != 5 or not fields[1].isdigit():
                sys.exit(f"{path}:{number}: want name | seconds | result | why | command")
            name, seconds, result, why, command = fields
            programs.append(Program(name.lstrip("+?"), name.startswith("+"), name.startswith("?"),
                                    int(seconds), result, why, command.split()))
    return programs


def is_on_node(program):
    return program.command[0].startswith("node:")


def piglit_folder():
    for folder in PIGLIT:
        if os.path.isdir(folder):
            return folder
    raise Missing("piglit is missing: apt-get install piglit")


def find_piglit(command, arguments):
    """The command line of piglit:NAME or shader:FILE, and its environment."""
    folder = piglit_folder()
    kind, _, name = command.partition(":")
    environment = {"PIGLIT_PLATFORM": "surfaceless_egl", "PIGLIT_SOURCE_DIR": folder}
    if kind == "piglit":
        path = os.path.join(folder, "bin", name)
        found = [path] if os.path.exists(path) else []
        line = found + arguments
    else:
        found = glob.glob(os.path.join(folder, "*tests", "spec", name))
        line = [os.path.join(folder, "bin", "shader_runner")] + found[:1] + arguments
    if not found:
        raise Missing(f"this piglit has no {name}")
    return line + ["-auto", "-fbo"], environment


def command_line(program):
    words = list(program.command)
    environment = {}
    if words[0] == "env":
        words.pop(0)
        while "=" in words[0]:
            key, _, value = words.pop(0).partition("=")
            environment[key] = value
    if re.match("(piglit|shader):", words[0]):
        words, more = find_piglit(words[0], words[1:])
        environment.update(more)
    elif not shutil.which(words[0]):
        package = PACKAGES.get(words[0], words[0])
        raise Missing(f"{words[0]} is missing: apt-get install {package}")
    return words, environment


class Display:
    """An X server without a screen, for the programs that want windows."""

    def __init__(self):
        read, write = os.pipe()
        self.server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", "640x480x24", "-nolisten", "tcp"],
            pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as number:
            self.name = ":" + number.readline().strip()

    def close(self):
        self.server.terminate()
        self.server.wait()


def run(line, limit, **more):
    """Exit status, None when it ran past the limit, and what it wrote."""
    process = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                               start_new_session=True, **more)
    try:
        output = process.communicate(timeout=limit)[0]
        status = process.returncode
    except subprocess.TimeoutExpired:
        process.terminate()
        output = process.communicate()[0]
        status = None
    return status, output.decode(errors="replace")


def recorder(options, program, path):
    """The command line that makes the capture, and its environment."""
    if is_on_node(program):
        if not options.node:
            raise Missing("mesa-on-node is missing: tests/mesa/CMakeLists.txt says what it needs")
        return [options.node, program.command[0].partition(":")[2], path], {}
    words, environment = command_line(program)
    # The program is stopped, not the recorder, which has to end its file.
    return [options.tool, "record", "-l", "9", "-o", path, "--",
            "timeout", "--signal=TERM", str(program.seconds)] + words, environment


def record_once(options, program, display, path):
    """Exit status and output of the recorder."""
    if os.path.exists(path):
        os.remove(path)
    words, environment = recorder(options, program, path)
    return run(words, program.seconds + 30,
               env=dict(os.environ, DISPLAY=display.name, **environment))


def record(options, program, display):
    """The capture's path, and whether the program has done as it should."""
    path = os.path.join(options.out, program.name + ".vcap")
    status, output = record_once(options, program, display, path)
    if status == 124 and not os.path.exists(path):
        # A machine that is busy takes longer to begin than the program has.
        longer = program._replace(seconds=10 * program.seconds)
        status, output = record_once(options, longer, display, path)
    stopped = status == 124
    good = {"pass": '"result": "pass"' in output, "any": status in (0, 1) or stopped,
            "exit": status == 0, "stopped": stopped}[program.result]
    if not os.path.exists(path):
        return None, f"nothing was recorded (status {status}): {output.strip()[-300:]}"
    return path, None if good else f"it ended with status {status}: {output.strip()[-300:]}"


def judge(options, path):
    """How many packets came back in which way, and what is wrong."""
    wrong = []
    status, output = run([options.tool, "roundtrip", "-q", path], 600)
    counts = collections.Counter({found[3]: int(found[1]) for found in re.finditer(
        r"^(\d+) of (\d+) packets (.+?) \(", output, re.MULTILINE)})
    if status != 0 or sum_packets(counts) == 0 or set(counts) - set(SAME):
        wrong.append("roundtrip: " + output.strip()[-400:])
    status, output = run([options.tool, "check", "--brief", "--severity", options.severity, path],
                         600)
    if status != 0:
        wrong.append("check: " + output.strip()[-400:])
        counts["faulty captures"] += 1
    return counts, wrong


def sum_packets(counts):
    return sum(number for name, number in counts.items() if name != "faulty captures")


def commands_of(options, path):
    output = run([options.tool, "stats", path], 600)[1]
    return {match[2]: int(match[1]) for match in
            re.finditer(r"^ +(\d+) +\d+ +[\d.]+% +(\S+)$", output, re.MULTILINE)}


def check_installed():
    for program, package in NEEDED.items():
        if not shutil.which(program):
            sys.exit(f"record.py: {program} is missing: apt-get install {package}")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tool", required=True, help="the virglcmd to use")
    parser.add_argument("--node", help="the mesa-on-node to use")
    parser.add_argument("--out", required=True, help="folder for the captures")
    parser.add_argument("--ci", action="store_true",
                        help="only the programs marked with +; without --node none that needs it")
    parser.add_argument("--severity", default="error",
                        help="the least severity that counts (default: what the host refuses)")
    parser.add_argument("names", nargs="*", help="only these programs")
    return parser.parse_args()


def main():
    options = parse_arguments()
    options.tool = os.path.abspath(options.tool)
    options.node = options.node and os.path.abspath(options.node)
    check_installed()
    programs = read_programs(os.path.join(HERE, "programs.txt"))
    unknown = set(options.names) - {program.name for program in programs}
    if unknown:
        sys.exit(f"record.py: programs.txt has no {', '.join(sorted(unknown))}")
    if options.names:
        programs = [program for program in programs if program.name in options.names]
    elif options.ci:
        programs = [program for program in programs
                    if program.ci and (options.node or not is_on_node(program))]
    os.makedirs(options.out, exist_ok=True)
    display = Display()
    try:
        return record_all(options, programs, display)
    finally:
        display.close()


def named_commands(program):
    """The commands, of several words, that its reason names: it is there for them."""
    return {name for name in re.findall(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b", program.why)
            if not name.startswith("GL_")}


def record_one(options, program, display):
    """Counts and kinds of packets, and what is wrong."""
    try:
        path, complaint = record(options, program, display)
    except Missing as missing:
        path, complaint = None, str(missing)
    wrong = [complaint] if complaint else []
    if not path:
        return collections.Counter(), {}, wrong
    counts, more = judge(options, path)
    commands = commands_of(options, path)
    missing = named_commands(program) - {part for name in commands for part in name.split(".")}
    if missing:
        more.append(f"not in its stream: {', '.join(sorted(missing))}")
    return counts, commands, wrong + more


def record_all(options, programs, display):
    seen = collections.Counter()
    total = collections.Counter({"identical": 0, "identical but for padding": 0, "different": 0,
                                 "faulty captures": 0})
    failed = left_out = 0
    start = time.monotonic()
    for program in programs:
        if program.optional and not shutil.which(program.command[-1]):
            print(f"none {program.name:24} {PACKAGES[program.command[-1]]} is not installed")
            left_out += 1
            continue
        counts, commands, wrong = record_one(options, program, display)
        seen.update(commands)
        total.update(counts)
        failed += 1 if wrong else 0
        print(f"{'FAIL' if wrong else 'good'} {program.name:24} {sum_packets(counts):7} packets  "
              f"{program.why}", flush=True)
        for text in wrong:
            print("     " + text.replace("\n", "\n     "), flush=True)
    print(f"\n{len(programs) - left_out} programs, {failed} failed; {sum_packets(total)} packets "
          f"of {len(seen)} kinds; {time.monotonic() - start:.0f} s")
    for name, number in total.items():
        print(f"{number:9} {name}" + (f" (severity {options.severity} or worse)"
                                      if name == "faulty captures" else ""))
    print()
    for name, number in sorted(seen.items()):
        print(f"{number:9} {name}")
    return 1 if failed or len(programs) == left_out else 0


if __name__ == "__main__":
    sys.exit(main())
