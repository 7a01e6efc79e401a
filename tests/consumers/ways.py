#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Builds and runs a small project for each way of consuming the library.

    ways.py install --build DIR     builds the library and installs it; the others need that first
    ways.py WAY --build DIR

ctest tries them all but one: "system" wants the Debian packages installed, which only a machine
that is there for it should have.

Every project lies in a folder beside this file, and is what a user would write.
"""

import argparse
import fnmatch
import os
import pathlib
import re
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
VERSION = re.search(r'VERSION_STRING "(.*)"',
                    (ROOT / "include/virglcmd/version.h").read_text()).group(1)
CAPTURE = ROOT / "tests/mesa/captures/ubo.vcap"
LIBRARIES = [f"libvirglcmd{part}" for part in ("", "-capture", "-drm", "-loopback", "-vtest")]
SKIPPED = 77 # what CMakeLists.txt calls SKIP_RETURN_CODE


class Failure(Exception):
    """A sentence about what does not work."""


def expect(condition, sentence):
    """Fails with the sentence unless the condition holds."""
    if not condition:
        raise Failure(sentence)


class Skip(Exception):
    """A sentence about what is missing to try a way."""


class Place:
    """Where a way is tried, and with what."""

    def __init__(self, build, cc, cxx, name):
        self.build = build
        self.here = build / name
        self.env = dict(os.environ, CC=cc, CXX=cxx)
        # Nothing of who called: a make's job server, a search path with another virglcmd.
        for name in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "DESTDIR", "CMAKE_PREFIX_PATH",
                     "PKG_CONFIG_PATH", "CFLAGS", "LDFLAGS", "LD_LIBRARY_PATH"):
            self.env.pop(name, None)

    def fresh(self, name):
        """An empty folder for one build."""
        path = self.here / name
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir(parents=True)
        return path

    def prefix(self, name):
        """Where the library lies that "install" has made: static, or both kinds."""
        path = self.build / "prefix" / name
        expect((path / "include").is_dir(), f"{path} is not there: run the way \"install\" first")
        return path

    def attempt(self, *command, cwd=None, **env):
        """Runs a command; returns its exit status and all that it printed."""
        done = subprocess.run([str(word) for word in command], cwd=cwd, env={**self.env, **env},
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              check=False)
        return done.returncode, done.stdout

    def run(self, *command, cwd=None, **env):
        """Runs a command that must succeed; returns what it printed."""
        status, output = self.attempt(*command, cwd=cwd, **env)
        expect(status == 0, f"{' '.join(map(str, command))} gives {status}:\n{output}")
        return output

    def cmake(self, source, build, *options):
        """Configures and builds a project."""
        self.run("cmake", "-S", source, "-B", build, *options)
        self.run("cmake", "--build", build, "--parallel", "2")

    def run_programs(self, folder, *names, **env):
        """Runs built programs, and shows what they say."""
        for name in names:
            print(f"{folder.name}/{name}: {self.run(folder / name, **env).strip()}")

    def needed(self, file):
        """The shared libraries that a program or library asks for."""
        return set(re.findall(r"\(NEEDED\).*\[(.*)\]", self.run("readelf", "-d", file)))

    def expect_kind(self, file, kind):
        """The file must use our shared library, or none of ours."""
        ours = {name for name in self.needed(file) if "virglcmd" in name}
        expect(bool(ours) == (kind == "shared"), f"{file} is to be {kind} and needs {ours}")
        expect(all(name.endswith(".so.0") for name in ours), f"{file} needs {ours}: not our SONAME")


def install(place):
    """Builds both kinds and installs them, then moves the trees: they must not know their place."""
    prefixes = place.build / "prefix"
    shutil.rmtree(prefixes, ignore_errors=True)
    staged = place.fresh("staged")
    for kind in ("static", "shared"):
        build = place.here / kind
        place.cmake(ROOT, build, f"-DBUILD_SHARED_LIBS={'ON' if kind == 'shared' else 'OFF'}",
                    "-DVCMD_TESTS=OFF", "-DVCMD_EXAMPLES=OFF", "-DVCMD_WERROR=ON",
                    "-DCMAKE_BUILD_TYPE=RelWithDebInfo", "-DCMAKE_INSTALL_LIBDIR=lib")
        for prefix in ("both", kind):
            place.run("cmake", "--install", build, "--prefix", staged / prefix)
    staged.rename(prefixes)
    for file in prefixes.rglob("*"):
        if file.suffix in (".pc", ".cmake"):
            expect(str(place.build) not in file.read_text(), f"{file} names the build's folder")


def way_exports(place):
    """The shared libraries show what the lists name, and nothing else."""
    lib = place.prefix("shared") / "lib"
    built = sorted(path.stem for path in lib.glob("lib*.so"))
    expect(built == LIBRARIES, f"the shared libraries are {built}")
    print(place.run(sys.executable, HERE / "exports.py",
                    *(lib / f"{name}.so" for name in LIBRARIES)).rstrip())
    versions = place.run("readelf", "--version-info", lib / "libvirglcmd.so")
    expect("VIRGLCMD_0" in versions, "the symbols have no version")
    for name in LIBRARIES:
        dynamic = place.run("readelf", "-d", lib / f"{name}.so")
        expect(f"soname: [{name}.so.0]" in dynamic, f"{name} has another SONAME:\n{dynamic}")


def installed_with(place, prefix, kind, *options):
    """The project "installed" with the library from a prefix; it must get that kind of library."""
    build = place.fresh(f"{prefix}{''.join(options)}".replace("=", "-"))
    place.cmake(HERE / "installed", build, f"-DCMAKE_PREFIX_PATH={place.prefix(prefix)}", *options)
    place.run_programs(build, "core", "loopback", "capture")
    for program in ("core", "loopback"):
        place.expect_kind(build / program, kind)
    return build


def way_cmake(place):
    """Installed, found by CMake: whatever is there, and either kind where both are."""
    installed_with(place, "shared", "shared")
    static = installed_with(place, "static", "static")
    installed_with(place, "both", "shared")
    installed_with(place, "both", "shared", "-DKIND=shared")
    installed_with(place, "both", "static", "-DKIND=static")
    # A driver with the static library inside shows none of it.
    shown = place.run("nm", "--dynamic", "--defined-only", static / "libplugin.so")
    expect(re.findall(r"\b(\w+)$", shown, re.M) == ["plugin_entry"],
           f"libplugin.so shows more than its entry point:\n{shown}")


def ask(place, prefix, words, again=None):
    """Asks for a package, once or twice; returns whether it configures, and what CMake says."""
    status, output = place.attempt("cmake", "-S", HERE / "refused", "-B", place.fresh("ask"),
                                   f"-DCMAKE_PREFIX_PATH={place.prefix(prefix)}",
                                   f"-DASK={words.replace(' ', ';')}",
                                   *([f"-DAGAIN={again.replace(' ', ';')}"] if again else []))
    return status == 0, " ".join(output.split())


def way_refused(place):
    """What find_package must refuse, and what not."""
    for words in ("0.1 REQUIRED", "0.1.0 EXACT REQUIRED", "REQUIRED",
                  "0.1 REQUIRED COMPONENTS loopback", "REQUIRED OPTIONAL_COMPONENTS nosuch"):
        good, output = ask(place, "both", words)
        expect(good and "virglcmd_FOUND is 1" in output, f"refused {words}: {output}")
        expect("found nosuch" not in output, f"found nosuch: {output}")
        expect(("found loopback" in output) == ("loopback" in words), f"{words}: {output}")
    for words in ("0.2", "0.1.99", "0.0.9", "1.0", "99"):
        good, output = ask(place, "both", f"{words} REQUIRED")
        expect(not good and "compatible with requested version" in output,
               f"version {words} was not refused: {output}")
    good, output = ask(place, "both", "REQUIRED COMPONENTS loopback nosuch")
    expect(not good and 'virglcmd has no shared library "nosuch" installed here' in output,
           f"a missing component was not refused: {output}")
    good, output = ask(place, "both", "QUIET COMPONENTS nosuch")
    expect(good and "virglcmd_FOUND is 0" in output, f"a missing component was found: {output}")
    for kind, other in (("static", "shared"), ("shared", "static")):
        good, output = ask(place, "both", f"REQUIRED COMPONENTS {kind}",
                           "REQUIRED COMPONENTS loopback")
        expect(good and all(f"{target} is {kind.upper()}_LIBRARY" in output
                            for target in ("virglcmd", "loopback")), f"kinds are mixed: {output}")
        good, output = ask(place, "both", f"REQUIRED COMPONENTS {kind}",
                           f"REQUIRED COMPONENTS {other}")
        expect(not good and f"virglcmd is {kind} here" in output, f"{other} came, too: {output}")
    good, output = ask(place, "static", "REQUIRED COMPONENTS shared")
    expect(not good and "virglcmd has no shared library" in output, f"no shared one: {output}")


def way_make(place):
    """Installed, found by pkg-config, built by make: each kind, and without any shared library."""
    def make(prefix, *options):
        out = place.fresh(prefix + "".join(options).replace("=", "-"))
        lib = place.prefix(prefix) / "lib"
        place.run("make", "-C", HERE / "make", f"OUT={out}", *options,
                  PKG_CONFIG_PATH=str(lib / "pkgconfig"))
        programs = ["core"] if options else ["core", "loopback"]
        place.run_programs(out, *programs, LD_LIBRARY_PATH=str(lib))
        kind = "static" if options or prefix == "static" else "shared"
        for program in programs:
            place.expect_kind(out / program, kind)
        if options:
            expect(not place.needed(out / "core"), "a static program needs shared libraries")

    make("shared")
    make("both")
    make("both", "STATIC=1")
    make("static")
    make("static", "STATIC=1")


def way_pkgconfig(place):
    """What the .pc files say: the version, and what comes along with --static only."""
    def libs(prefix, *words):
        path = str(place.prefix(prefix) / "lib/pkgconfig")
        return place.run("pkg-config", *words, PKG_CONFIG_PATH=path).split()

    for module in (name.removeprefix("lib") for name in LIBRARIES):
        expect(libs("both", "--modversion", module) == [VERSION], f"{module} has another version")
    shared = libs("both", "--libs", "virglcmd-loopback")
    expect("-lvirglcmd" in shared and "-lvirglrenderer" not in shared, f"shared: {shared}")
    static = libs("both", "--static", "--libs", "virglcmd-loopback")
    expect({"-lvirglcmd", "-lvirglrenderer", "-pthread"} <= set(static), f"static: {static}")
    expect(static.index("-lvirglcmd-loopback") < static.index("-lvirglcmd"), f"order: {static}")
    static = libs("both", "--static", "--libs", "virglcmd-drm")
    expect({"-lvirglcmd", "-ldrm", "-pthread"} <= set(static), f"static: {static}")
    only_static = libs("static", "--libs", "virglcmd-loopback")
    expect("-lvirglrenderer" in only_static, f"static only: {only_static}")
    # A cross build's view: the tree is a sysroot with the library below usr.
    usr = place.fresh("sysroot") / "usr"
    shutil.copytree(place.prefix("both"), usr)
    path = place.run("pkg-config", "--variable=includedir", "virglcmd",
                     PKG_CONFIG_LIBDIR=str(usr / "lib/pkgconfig"),
                     PKG_CONFIG_SYSROOT_DIR=str(usr.parent)).strip()
    cflags = place.run("pkg-config", "--cflags", "virglcmd",
                       PKG_CONFIG_LIBDIR=str(usr / "lib/pkgconfig"),
                       PKG_CONFIG_SYSROOT_DIR=str(usr.parent)).strip()
    folder = pathlib.Path(cflags.removeprefix("-I"))
    expect((folder / "virglcmd/virglcmd.h").exists(), f"in a sysroot: {cflags}, {path}")


def way_subdirectory(place):
    """As a folder of another project."""
    for kind, shared in (("static", "OFF"), ("shared", "ON")):
        build = place.fresh(kind)
        place.cmake(HERE / "subdirectory", build, f"-DSOURCE={ROOT}",
                    f"-DBUILD_SHARED_LIBS={shared}")
        place.run_programs(build, "core", "loopback")
        place.expect_kind(build / "core", kind)
        place.run("cmake", "--install", build, "--prefix", build / "nothing")
        expect(not (build / "nothing").exists(), "the folder installs itself with the project")
    # Where there is no virglrenderer, there is no loopback, and all else works.
    build = place.fresh("without")
    nothing = {"PKG_CONFIG_LIBDIR": str(build)}
    place.run("cmake", "-S", HERE / "subdirectory", "-B", build, f"-DSOURCE={ROOT}", **nothing)
    place.run("cmake", "--build", build, "--parallel", "2", **nothing)
    place.run_programs(build, "core")
    expect(not (build / "loopback").exists(), "a loopback without virglrenderer")
    status, output = place.attempt("cmake", "-S", HERE / "subdirectory", "-B", place.fresh("asked"),
                                   f"-DSOURCE={ROOT}", "-DVCMD_LOOPBACK=ON", **nothing)
    expect(status != 0 and "virglrenderer" in output, f"a loopback by name is not there: {output}")


def way_core_only(place):
    """The core without the device layer: nothing but C and its headers are installed."""
    build = place.fresh("library")
    place.cmake(ROOT, build, "-DBUILD_SHARED_LIBS=ON", "-DVCMD_DEVICE=OFF", "-DVCMD_TESTS=OFF",
                "-DVCMD_WERROR=ON", "-DCMAKE_INSTALL_LIBDIR=lib")
    prefix = place.fresh("prefix")
    place.run("cmake", "--install", build, "--prefix", prefix)
    names = {path.name for path in (prefix / "include/virglcmd").iterdir()}
    expect("virglcmd.h" in names and not names & {"device.h", "transport.h", "loopback.h"},
           f"the core's headers are {sorted(names)}")
    expect(place.needed(prefix / "lib/libvirglcmd.so") <= {"libc.so.6"}, "the core needs libraries")
    out = place.fresh("program")
    place.run(place.env["CC"], HERE / "programs/core.c", "-o", out / "core",
              "-I", prefix / "include", "-L", prefix / "lib", "-lvirglcmd",
              f"-Wl,-rpath,{prefix / 'lib'}")
    place.run_programs(out, "core")


# Writes a packet with the third file and one with the first two: they must be the same.
INLINE_PROGRAM = """\
#include "virglcmd_inline.h"

int main(void)
{
    const struct vcmd_bind_shader shader = {7, VCMD_SHADER_FRAGMENT};
    uint32_t one[4] = {0}, two[4] = {0};
    struct vcmd_buffer a, b;

    vcmd_buffer_init(&a, one, 4, 0);
    vcmd_buffer_init(&b, two, 4, 0);
    vcmd_bind_shader(&a, &shader);
    vcmd_bind_shader_inline(&b, &shader);
    return a.length == 3 && b.length == 3 && memcmp(one, two, sizeof(one)) == 0 ? 0 : 1;
}
"""


def way_amalgamation(place):
    """The files copied into a project; and making them twice gives the same."""
    out, again = place.fresh("project"), place.fresh("again")
    for folder in (out, again):
        place.run(sys.executable, ROOT / "src/amalgamate.py", folder)
    for name in ("virglcmd.c", "virglcmd.h", "virglcmd_inline.h"):
        text = (out / name).read_bytes()
        expect(text == (again / name).read_bytes(), f"{name} differs from run to run")
        expect(b"Permission is hereby granted" in text, f"{name} is without its licence")
        print(f"{name}: {text.count(bytes([10]))} lines, {len(text)} bytes")
    place.run("make", "-C", HERE / "amalgamation", f"OUT={out}")
    place.run_programs(out, "core", "core-cxx")
    for compiler, standard in (("CC", "c11"), ("CXX", "c++11")):
        place.run(place.env[compiler], f"-std={standard}", "-Wall", "-Wextra", "-Wpedantic",
                  "-Werror", "-fsyntax-only", "-x", "c" if standard == "c11" else "c++",
                  "-include", out / "virglcmd_inline.h", os.devnull)
    program = out / "inline.c"
    program.write_text(INLINE_PROGRAM)
    place.run(place.env["CC"], "-std=c11", "-Wall", "-Wextra", "-Werror", "-I", out, program,
              out / "virglcmd.o", "-o", out / "inline")
    place.run(out / "inline")
    symbols = place.run("nm", "--defined-only", "--extern-only", out / "virglcmd.o").split()
    listed = (ROOT / "src/core/exports.txt").read_text().split("\n")
    missing = [name for name in listed if name.startswith("vcmd_") and name not in symbols]
    expect(not missing, f"virglcmd.c lacks {missing}")
    print(place.run("size", out / "virglcmd.o").rstrip())


def way_cxx(place):
    """From a project in C++ only."""
    for prefix, kind in (("shared", "shared"), ("static", "static")):
        build = place.fresh(prefix)
        place.cmake(HERE / "cxx", build, f"-DCMAKE_PREFIX_PATH={place.prefix(prefix)}")
        place.run_programs(build, "core")


DEBIAN_FILES = {
    "libvirglcmd0": ["lib/libvirglcmd.so.0", "lib/libvirglcmd.so.0.*"],
    "libvirglcmd-dev": ["include/virglcmd/*.h", "lib/libvirglcmd.a", "lib/libvirglcmd.so",
                        "lib/pkgconfig/virglcmd.pc", "lib/cmake/virglcmd/virglcmd-config*.cmake",
                        "lib/cmake/virglcmd/virglcmd-core-*.cmake"],
    "libvirglcmd-loopback0": ["lib/libvirglcmd-loopback.so.0", "lib/libvirglcmd-loopback.so.0.*"],
    "libvirglcmd-loopback-dev": ["include/virglcmd/loopback.h", "lib/libvirglcmd-loopback.a",
                                 "lib/libvirglcmd-loopback.so",
                                 "lib/pkgconfig/virglcmd-loopback.pc",
                                 "lib/cmake/virglcmd/virglcmd-loopback-*.cmake"],
    "libvirglcmd-capture0": ["lib/libvirglcmd-capture.so.0", "lib/libvirglcmd-capture.so.0.*"],
    "libvirglcmd-capture-dev": ["include/virglcmd/capture.h", "include/virglcmd/record.h",
                                "include/virglcmd/replay.h", "lib/libvirglcmd-capture.a",
                                "lib/libvirglcmd-capture.so",
                                "lib/pkgconfig/virglcmd-capture.pc",
                                "lib/cmake/virglcmd/virglcmd-capture-*.cmake"],
    "libvirglcmd-vtest0": ["lib/libvirglcmd-vtest.so.0", "lib/libvirglcmd-vtest.so.0.*"],
    "libvirglcmd-vtest-dev": ["include/virglcmd/vtest.h", "lib/libvirglcmd-vtest.a",
                              "lib/libvirglcmd-vtest.so", "lib/pkgconfig/virglcmd-vtest.pc",
                              "lib/cmake/virglcmd/virglcmd-vtest-*.cmake"],
    "libvirglcmd-drm0": ["lib/libvirglcmd-drm.so.0", "lib/libvirglcmd-drm.so.0.*"],
    "libvirglcmd-drm-dev": ["include/virglcmd/drm.h", "lib/libvirglcmd-drm.a",
                            "lib/libvirglcmd-drm.so", "lib/pkgconfig/virglcmd-drm.pc",
                            "lib/cmake/virglcmd/virglcmd-drm-*.cmake"],
    "virglcmd": ["bin/virglcmd", "lib/virglcmd/virglcmd-vtest-redirect.so",
                 "share/man/man1/virglcmd.1.gz", "share/bash-completion/completions/virglcmd",
                 "share/fish/vendor_completions.d/virglcmd.fish",
                 "share/zsh/vendor-completions/_virglcmd"],
}


def check_package(place, deb, patterns, multiarch):
    """A package has a file for each pattern, and its papers, and nothing else."""
    name = deb.name.split("_")[0]
    names = {line.split()[5].removeprefix("./usr/").replace(f"lib/{multiarch}/", "lib/")
             for line in place.run("dpkg-deb", "-c", deb).splitlines() if line[0] != "d"}
    for pattern in [*patterns, f"share/doc/{name}/copyright", f"share/doc/{name}/changelog.gz"]:
        found = set(fnmatch.filter(names, pattern))
        expect(found, f"{deb.name} has no {pattern}")
        if name == "libvirglcmd-dev":
            found -= {f"include/virglcmd/{header}.h"
                      for header in ("capture", "drm", "loopback", "record", "replay", "vtest")}
        names -= found
    expect(not names, f"{deb.name} has {sorted(names)} besides")


def way_debian(place):
    """The Debian packages: what is in them, what lintian says, and a build with their files."""
    for program in ("dh", "dpkg-buildpackage", "lintian"):
        if not shutil.which(program):
            raise Skip(f"{program} is missing: packages debhelper, dpkg-dev and lintian")
    out = place.fresh("out")
    place.run(ROOT / "src/debian/build.sh", out)
    multiarch = place.run("dpkg-architecture", "-qDEB_HOST_MULTIARCH").strip()
    debs = {path.name.split("_")[0]: path for path in out.glob("*.deb")
            if "dbgsym" not in path.name}
    expect(set(debs) == set(DEBIAN_FILES), f"the packages are {sorted(debs)}")
    root = place.fresh("root")
    for name, patterns in DEBIAN_FILES.items():
        check_package(place, debs[name], patterns, multiarch)
        version = place.run("dpkg-deb", "-f", debs[name], "Version").strip()
        expect(version == VERSION, f"{name} has version {version}, version.h {VERSION}")
        place.run("dpkg-deb", "-x", debs[name], root)
        print(f"{debs[name].name}: {debs[name].stat().st_size} bytes")
    depends = place.run("dpkg-deb", "-f", debs["libvirglcmd-loopback0"], "Depends")
    expect("libvirglcmd0 (>=" in depends and "libvirglrenderer1" in depends, f"depends: {depends}")
    place.run("lintian", "--allow-root", "--fail-on", "error,warning",
              *out.glob("virglcmd_*.changes"))
    print("lintian has no errors and no warnings")
    print(place.run(root / "usr/bin/virglcmd", "roundtrip", "-q", CAPTURE,
                    LD_LIBRARY_PATH=str(root / "usr/lib" / multiarch)).rstrip())
    for kind in ("shared", "static"):
        build = place.fresh(kind)
        place.cmake(HERE / "installed", build, f"-DCMAKE_PREFIX_PATH={root / 'usr'}",
                    f"-DKIND={kind}")
        place.run_programs(build, "core", "loopback", "capture")
        place.expect_kind(build / "loopback", kind)


def way_system(place):
    """With the packages installed, as a user has them: no path is given to anything."""
    for kind in ("shared", "static"):
        build = place.fresh(kind)
        place.cmake(HERE / "installed", build, f"-DKIND={kind}")
        place.run_programs(build, "core", "loopback", "capture")
        place.expect_kind(build / "loopback", kind)
    print(place.run("virglcmd", "replay", "--compare", CAPTURE).rstrip())
    out = place.fresh("make")
    place.run("make", "-C", HERE / "make", f"OUT={out}")
    place.run_programs(out, "core", "loopback")
    place.expect_kind(out / "loopback", "shared")
    place.run("make", "-C", HERE / "make", f"OUT={place.fresh('make-static')}", "STATIC=1")


WAYS = {"install": install, "exports": way_exports, "cmake": way_cmake, "refused": way_refused,
        "make": way_make, "pkg-config": way_pkgconfig, "subdirectory": way_subdirectory,
        "core-only": way_core_only, "amalgamation": way_amalgamation, "c++": way_cxx,
        "debian": way_debian, "system": way_system}


def main():
    """Tries one way; the exit status says whether it works."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("way", choices=WAYS)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--cc", default="cc")
    parser.add_argument("--cxx", default="c++")
    args = parser.parse_args()
    args.build.mkdir(parents=True, exist_ok=True)
    try:
        WAYS[args.way](Place(args.build.resolve(), args.cc, args.cxx, args.way))
    except Failure as failure:
        print(f"{args.way}: {failure}", file=sys.stderr)
        return 1
    except Skip as reason:
        print(f"{args.way}: skipped: {reason}")
        return SKIPPED
    return 0


if __name__ == "__main__":
    sys.exit(main())
