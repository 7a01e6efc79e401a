#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Builds the library for another machine or system, and runs the core's unit tests there.

    targets.py TARGET --build DIR

aarch64 and i686 run under qemu-user, mingw-x86_64 and mingw-i686 under Wine of their word size.
Warnings are errors, also those of -Wpedantic. For Windows, the device layer and the DLL are built
as well. Needs Debian's cross compilers; without them a target is skipped. So is one that was built
but could not run: a test must not pass that has run nothing.
"""

import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SKIPPED = 77 # what CMakeLists.txt calls SKIP_RETURN_CODE
WINE_FOLDERS = ["/usr/lib/wine", "/usr/bin", "/opt/wine-stable/bin"]
# What a fresh Windows has, of all that a DLL or program of ours could ask for.
WINDOWS_DLLS = re.compile(r"(?i)kernel32|msvcrt|ucrtbase|api-ms-win-.*")

TARGETS = {
    "aarch64": ("aarch64-linux-gnu-", "gcc-aarch64-linux-gnu libc6-dev-arm64-cross",
                "qemu-aarch64"),
    "i686": ("i686-linux-gnu-", "gcc-i686-linux-gnu libc6-dev-i386-cross", "qemu-i386"),
    "mingw-x86_64": ("x86_64-w64-mingw32-", "gcc-mingw-w64-x86-64", "wine64"),
    "mingw-i686": ("i686-w64-mingw32-", "gcc-mingw-w64-i686", "wine"),
}


class Failure(Exception):
    """A sentence about what does not work."""


class Skip(Exception):
    """A sentence about what is missing."""


def run(*command, **kwargs):
    """Runs a command that must succeed; returns what it printed."""
    # Into a file: Wine's services live on after the command, and would hold a pipe open.
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL,
                              stdout=output, stderr=subprocess.STDOUT, check=False, **kwargs)
        output.seek(0)
        said = output.read()
    if done.returncode:
        raise Failure(f"{' '.join(map(str, command))} gives {done.returncode}:\n{said}")
    return said


def find_emulator(name):
    """Where the program is that runs the target's programs, or None."""
    if not name.startswith("wine"):
        return shutil.which(name)
    # /usr/bin/wine is a script that may stand for the other word size.
    for folder in WINE_FOLDERS:
        path = pathlib.Path(folder) / name
        if path.is_file() and path.read_bytes()[:4] == b"\x7fELF":
            return str(path)
    return None


class Target:
    """A target, its compiler and the folder for its builds."""

    def __init__(self, name, build):
        self.name = name
        self.prefix, packages, emulator = TARGETS[name]
        if not shutil.which(self.prefix + "gcc"):
            raise Skip(f"{self.prefix}gcc is missing: packages {packages}")
        self.windows = name.startswith("mingw")
        self.emulator = find_emulator(emulator)
        self.build = build / name
        shutil.rmtree(self.build, ignore_errors=True)
        self.build.mkdir(parents=True)
        self.env = self.environment()

    def environment(self):
        """This machine's, less what is meant for its own compiler; cmocka is a header of ours."""
        modules = self.build / "pkgconfig"
        modules.mkdir()
        (modules / "cmocka.pc").write_text(
            "Name: cmocka\nDescription: as much of it as the tests of the core use\n"
            f"Version: 1.1.5\nCflags: -I{HERE.parent / 'checks/cross'}\n")
        env = dict(os.environ, PKG_CONFIG_LIBDIR=str(modules), WINEDEBUG="-all")
        for name in ("CC", "CFLAGS", "CPPFLAGS", "LDFLAGS", "MAKEFLAGS", "MFLAGS", "MAKELEVEL"):
            env.pop(name, None)
        return env

    def cmake(self, name, *options):
        """Configures and builds; returns the build folder."""
        build = self.build / name
        run("cmake", "-S", ROOT, "-B", build,
            f"-DCMAKE_TOOLCHAIN_FILE={HERE / (self.name + '.cmake')}",
            f"-DCMAKE_CROSSCOMPILING_EMULATOR={self.emulator or ''}",
            "-DVCMD_LOOPBACK=OFF", "-DVCMD_DRM=OFF", "-DVCMD_EXAMPLES=OFF", *options, env=self.env)
        run("cmake", "--build", build, "--parallel", "2", env=self.env)
        return build

    def tool(self, name, *arguments):
        """Runs one of the target's binutils."""
        return run(self.prefix + name, *arguments)

    def library(self):
        """The static library, all warnings on, and a program that is linked with it."""
        build = self.cmake("library", "-DVCMD_TESTS=OFF", "-DVCMD_WERROR=ON",
                           "-DCMAKE_C_FLAGS=-Wpedantic",
                           f"-DVCMD_DEVICE={'OFF' if self.windows else 'ON'}")
        archive = build / "src/libvirglcmd.a"
        text, data, bss = map(sum, zip(*(map(int, line.split()[:3]) for line in
                                         self.tool("size", archive).splitlines()[1:])))
        print(f"{archive.name}: {text} bytes of code and constants, {data} of data, {bss} zeroed")
        self.program("static", archive)

    def program(self, kind, library):
        """Links the consumers' program, and runs it where that can be done."""
        exe = self.build / f"core-{kind}.exe"
        self.tool("gcc", "-Wall", "-Wextra", "-Werror", "-I", ROOT / "include",
                  ROOT / "tests/consumers/programs/core.c", library, "-o", exe,
                  *([] if self.windows else ["-static"]))
        if self.windows:
            self.expect_plain_windows(exe, kind)
        if self.emulator:
            said = run(self.emulator, exe, env=self.env, cwd=self.build).strip()
            print(f"a {kind} program says: {said}")
            if not said.startswith("core "):
                raise Failure(f"it says {said}")

    def expect_plain_windows(self, file, kind):
        """A DLL or program must need nothing that a fresh Windows does not have."""
        needed = re.findall(r"DLL Name: (.*)", self.tool("objdump", "-p", file))
        odd = [name for name in needed if not WINDOWS_DLLS.match(name)]
        if odd != (["libvirglcmd-0.dll"] if kind == "dll" else []):
            raise Failure(f"{file.name} needs {needed}")

    def dll(self):
        """The DLL, its exports, and a program that loads it."""
        build = self.cmake("shared", "-DVCMD_TESTS=OFF", "-DVCMD_WERROR=ON",
                           "-DBUILD_SHARED_LIBS=ON")
        dll = build / "bin/libvirglcmd-0.dll"
        self.expect_plain_windows(dll, "static")
        print(run(sys.executable, ROOT / "tests/consumers/exports.py", dll).strip())
        shutil.copy(dll, self.build)
        self.program("dll", build / "src/libvirglcmd.dll.a")

    def unit_tests(self):
        """The tests of the core; only programs of the target, scripts are the same everywhere."""
        build = self.cmake("tests", "-DVCMD_TESTS=ON", "-DVCMD_DEVICE=OFF",
                           "-DCMAKE_BUILD_TYPE=RelWithDebInfo")
        names = [path.stem.removeprefix("test_") for path in (build / "bin").glob("test_*")
                 if path.suffix in ("", ".exe")]
        if not names:
            raise Failure("no test was built")
        if not self.emulator:
            print(f"{len(names)} test programs built, and nothing here to run them")
            return
        out = run("ctest", "--output-on-failure", "--no-tests=error", "-R",
                  f"^({'|'.join(names)})$", env=self.env, cwd=build)
        print(re.search(r"\d+% tests passed.*", out).group())
        if f"out of {len(names)}" not in out:
            raise Failure(f"{len(names)} programs, but: {out}")

    def all(self):
        """Everything that this target can."""
        self.library()
        if self.windows:
            self.dll()
        self.unit_tests()
        if not self.emulator:
            raise Skip(f"BUILT, BUT NOTHING RAN: {TARGETS[self.name][2]} is missing")


def with_wine(target, work):
    """Does work with a Wine of its own: a fresh prefix, a server that stays, no crash dialogs."""
    with tempfile.TemporaryDirectory(dir=target.build) as prefix:
        target.env.update(WINEPREFIX=prefix, DISPLAY="",
                          WINEDLLOVERRIDES="mscoree=d;mshtml=d;winemenubuilder.exe=d")
        server = str(pathlib.Path(target.emulator).parent / "wineserver")
        try:
            run(target.emulator, "wineboot", "-i", env=target.env)
            run(server, "-w", env=target.env)
            run(server, "-p60", env=target.env)
            run(target.emulator, "reg", "add", r"HKCU\Software\Wine\WineDbg",
                "/v", "ShowCrashDialog", "/t", "REG_DWORD", "/d", "0", env=target.env)
            work()
        finally:
            subprocess.run([server, "-k"], env=target.env, check=False)
            subprocess.run([server, "-w"], env=target.env, check=False)


def main():
    """Tries one target; the exit status says whether it works."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("target", choices=TARGETS)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    args = parser.parse_args()
    try:
        target = Target(args.target, args.build.resolve())
        print(f"{args.target}: {target.tool('gcc', '--version').splitlines()[0]}, "
              f"{target.emulator or 'nothing that could run it'}")
        if target.windows and target.emulator:
            with_wine(target, target.all)
        else:
            target.all()
    except Failure as failure:
        print(f"{args.target}: {failure}", file=sys.stderr)
        return 1
    except Skip as reason:
        print(f"{args.target}: skipped: {reason}")
        return SKIPPED
    return 0


if __name__ == "__main__":
    sys.exit(main())
