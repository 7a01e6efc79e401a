#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What Microsoft's compiler would refuse, as far as that can be told without it.

Two ways. Patterns find what only gcc and clang accept, and what C accepts but C++ does not in the
public headers; each has a sample that it must find and one that it must leave alone, tried first.
Then clang reads the core for Windows as MSVC does: its types and calling conventions, enumerators
that are int, none of the macros by which code knows gcc or clang, every GNU extension an error.
"""

import argparse
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SKIPPED = 77 # what CMakeLists.txt calls SKIP_RETURN_CODE
ANYWHERE, IN_HEADERS = "anywhere", "in public headers"

# name, where, pattern, a sample with it, a sample that only looks like it. Patterns see code
# without comments, with strings emptied, and without what only compilers that define __GNUC__ read.
RULES = [
    ("[static N]", ANYWHERE, r"\[\s*static\b", "int f(int a[static 4]);", "static int a[4];"),
    ("zero-length array", ANYWHERE,
     r"(?:^|[{;])\s*(?!return\b)(?:\w+[\s*]+)+\w+\s*\[\s*0\s*\]\s*;",
     "struct s { int n; int a[0]; };", "x = a[0]; return a[0];"),
    ("bit-field", ANYWHERE,
     r"^\s*(?:const\s+)?(?:(?:un)?signed|int|char|short|long|bool|_Bool|u?int\d+_t|enum\s+\w+)"
     r"(?:\s+\w+)*\s*:\s*\w+\s*[;,]", "struct s {\n    uint32_t mode : 4;\n};",
     "case 4:\n    x = y ? 1 : z;"),
    ("statement expression", ANYWHERE, r"\(\s*\{", "x = ({ int y = 1; y; });",
     "f(&(struct s){1});"),
    ("typeof", ANYWHERE, r"\b(?:__)?typeof(?:__)?\b|\b__auto_type\b", "typeof(x) y;",
     "int type_of;"),
    ("attribute", ANYWHERE, r"\b__attribute(?:__)?\b|\b__extension__\b",
     "__attribute__((packed)) struct s;",
     "#if defined(__GNUC__)\n__attribute__((packed))\n#endif\nstruct s;"),
    ("gcc builtin", ANYWHERE, r"\b__builtin_\w+|\b__sync_\w+|\b__atomic_\w+",
     "n = __builtin_popcount(x);", "n = builtin_count(x);"),
    ("inline assembly", ANYWHERE, r"\b(?:__)?asm(?:__)?\b(?:\s+volatile)?\s*\(", 'asm("nop");',
     "plasm(1);"),
    ("range", ANYWHERE, r"\bcase\b[^:\n;]*\.\.\.|\[[^\]\n]*\.\.\.", "switch (x) { case 1 ... 3: }",
     "int printf(const char *format, ...);"),
    ("?: without the middle", ANYWHERE, r"\?\s*:", "x = y ?: z;", "x = y ? a : z;"),
    ("alloca", ANYWHERE, r"\balloca\b", "p = alloca(4);", "p = allocate(4);"),
    ("128-bit integer", ANYWHERE, r"\b__u?int128(?:_t)?\b", "unsigned __int128 x;",
     "uint64_t x128;"),
    ("C11 that MSVC lacks", ANYWHERE, r"\b_(?:Complex|Atomic|Thread_local|Noreturn)\b",
     "_Atomic int x;", "int x_Atomic;"),
    ("empty initialiser", ANYWHERE, r"[=)]\s*\{\s*\}\s*[;,)]", "struct s x = {};",
     "struct s x = {0}; int f(void) {}\nint y;"),
    ("empty struct", ANYWHERE, r"\b(?:struct|union)\s*\w*\s*\{\s*\}", "struct s {};",
     "struct s { int a; };"),
    ("named variadic macro", ANYWHERE, r"^\s*#\s*define\s+\w+\([^)]*\w\s*\.\.\.\)",
     "#define f(args...) g(args)", "#define f(...) g(__VA_ARGS__)"),
    (", ##__VA_ARGS__", ANYWHERE, r"##\s*__VA_ARGS__", "#define f(x, ...) g(x, ##__VA_ARGS__)",
     "#define f(...) g(__VA_ARGS__)"),
    ("directive of gcc", ANYWHERE,
     r"^\s*#\s*(?:include_next|warning|ident|pragma\s+(?:GCC|clang))\b",
     "#pragma GCC diagnostic push", "#pragma once"),
    ("header of POSIX", ANYWHERE,
     r"#\s*include\s*<(?:unistd|strings|endian|alloca|pthread|dlfcn|stdatomic|threads|complex"
     r"|sys/\w+)\.h>", "#include <sys/types.h>", "#include <stddef.h>"),
    ("type of POSIX", ANYWHERE, r"\b(?:ssize_t|off_t|u_?int|u_char|u_int\d+_t)\b", "ssize_t n;",
     "size_t n; off_total = 1;"),
    ("octal-like \\e", ANYWHERE, r"'\\e'", r"c = '\e';", r"c = '\n';"),
    ("long, which has 32 bits there", IN_HEADERS, r"\blong\b", "unsigned long id;", "int longest;"),
    ("flexible array", IN_HEADERS, r"\w\s*\[\s*\]\s*;", "struct s { int n; int a[]; };",
     "int f(int a[]);"),
    ("restrict", IN_HEADERS, r"\brestrict\b", "void f(int *restrict p);", "int restricted;"),
    ("_Static_assert", IN_HEADERS, r"\b_Static_assert\b", '_Static_assert(1, "");',
     "int static_assertion;"),
    ("_Bool", IN_HEADERS, r"\b_Bool\b", "_Bool x;", "bool x;"),
    ("_Generic", IN_HEADERS, r"\b_Generic\b", "#define f(x) _Generic((x), int: 1)", "int Generic;"),
    ("compound literal", IN_HEADERS, r"\((?:const\s+)?(?:struct|union)\s+\w+\s*\)\s*\{",
     "f(&(struct s){1});", "int f(struct s *a);"),
    ("designated initialiser", IN_HEADERS, r"[{,]\s*(?:\.\s*[A-Za-z_]\w*|\[\s*\w+\s*\])\s*=[^=]",
     "struct s x = {.a = 1};", "x.a = 1; f(x, y.z);"),
    ("inline that is not static", IN_HEADERS, r"^(?!static\b).*\binline\b", "inline int f(void);",
     "static inline int f(void);"),
]

TOKEN = re.compile(r'/\*.*?\*/|//[^\n]*|"((?:\\.|[^"\\\n])*)"|\'(?:\\.|[^\'\\\n])*\'', re.S)
LITERALS = re.compile(r'(?:"(?:\\.|[^"\\\n])*"\s*)+')
# C2026: a literal may not be longer, before those beside it are joined.
LONGEST_LITERAL = 16380

# As MSVC 19.29: none of the names that say gcc or clang, and its own. string.h is ours, the other
# headers are those of the compiler.
AS_MSVC = ["-fms-compatibility", "-fms-extensions", "-fmsc-version=1929", "-U__clang__",
           "-U__GNUC__", "-U__BYTE_ORDER__", "-U__ORDER_BIG_ENDIAN__", "-U__ORDER_LITTLE_ENDIAN__",
           "-Wall", "-Wextra", "-Wpedantic", "-Wgnu", "-Wvla", "-Wmicrosoft-enum-value",
           "-Wmicrosoft-enum-forward-reference", "-Wshorten-64-to-32", "-Wno-long-long", "-Werror",
           "-fsyntax-only", "-nostdlibinc"]
# What clang must refuse then, or the run proves nothing.
REFUSED = ["int f(int n);\nint f(int n) { int a[n]; a[0] = n; return a[0]; }",
           "enum e { BIG = 0x80000000u };",
           "#ifndef __GNUC__\n#error not gcc\n#endif\nint x;",
           "_Static_assert(sizeof(long) == 8, \"\");",
           "#include <unistd.h>\nint x;",
           "int f(int y);\nint f(int y) { return y ?: 1; }"]
MACHINES = ["x86_64-pc-windows-msvc", "i686-pc-windows-msvc", "aarch64-pc-windows-msvc"]


def blank(match):
    """A comment as spaces, a string as an empty one; lines stay where they are."""
    if match.group(1) is not None:
        return '""'
    if match.group().startswith("'"):
        return match.group()
    return re.sub(r"[^\n]", " ", match.group())


def for_msvc(text):
    """The code, less what stands under an #if that asks for __GNUC__."""
    kept, stack = [], []
    for line in TOKEN.sub(blank, text).splitlines():
        directive = re.match(r"\s*#\s*(if|ifdef|ifndef|elif|else|endif)\b(.*)", line)
        if directive and directive.group(1).startswith("if"):
            stack.append("__GNUC__" in directive.group(2) and directive.group(1) != "ifndef")
        elif directive and stack and directive.group(1) in ("elif", "else"):
            stack[-1] = False
        kept.append("" if any(stack) else line)
        if directive and directive.group(1) == "endif" and stack:
            stack.pop()
    return "\n".join(kept)


def findings(text, where):
    """Rules that the text of a header or source breaks: (line, name)."""
    code = for_msvc(text)
    for name, place, pattern, _, _ in RULES:
        if place in (ANYWHERE, where):
            for match in re.finditer(pattern, code, re.M):
                yield code.count("\n", 0, match.end()) + 1, name
    for match in LITERALS.finditer(text):
        if max(map(len, re.findall(r'"(?:\\.|[^"\\\n])*"', match.group()))) > LONGEST_LITERAL:
            yield text.count("\n", 0, match.start()) + 1, "a string literal too long for MSVC"


def check_rules():
    """Complaints about rules that do not find what they are for, or more."""
    for name, where, _, bad, good in RULES:
        if name not in {found for _, found in findings(bad, where)}:
            yield f"the rule \"{name}\" does not find: {bad}"
        for _, found in findings(good, where):
            yield f"the rule \"{found}\" finds something in: {good}"
    if not list(findings('x = "' + "y" * (LONGEST_LITERAL + 1) + '";', ANYWHERE)):
        yield "no literal is too long"


def files():
    """The public headers, and the files of the core besides."""
    headers = sorted(ROOT.glob("include/virglcmd/*.h")) + sorted(
        ROOT.glob("transports/*/include/virglcmd/*.h"))
    core = [path for folder in ("src/check", "src/core", "src/decode", "src/generated", "src/print")
            for path in sorted((ROOT / folder).glob("*.[ch]"))]
    return headers, core


def compile_as_msvc(path, machine, *flags, text=None):
    """Complaints of clang about one file, or a text when the path is -."""
    command = ["clang", f"--target={machine}", *AS_MSVC, *flags, "-isystem",
               str(pathlib.Path(__file__).parent / "msvc"), "-I", str(ROOT / "include"), str(path)]
    done = subprocess.run(command, input=text, text=True, check=False, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    return [f"{machine}: {done.stdout}"] if done.returncode else []


def main():
    """Prints what is wrong; the exit status says whether anything is."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.parse_args()
    if shutil.which("clang") is None:
        print("skipped: clang is missing")
        return SKIPPED
    headers, core = files()
    complaints = list(check_rules())
    for path in headers + core:
        where = IN_HEADERS if path in headers else ANYWHERE
        complaints += [f"{path.relative_to(ROOT)}:{line}: {name}"
                       for line, name in findings(path.read_text(), where)]
    sources = [path for path in core if path.suffix == ".c"]
    for machine in MACHINES:
        for path in sources:
            complaints += compile_as_msvc(path, machine, "-std=c11")
        for path in headers:
            complaints += compile_as_msvc("-", machine, "-std=c++14", "-xc++",
                                          text=f"#include \"{path}\"\n")
        complaints += [f"{machine} takes: {text}" for text in REFUSED
                       if not compile_as_msvc("-", machine, "-std=c11", "-xc", text=text)]
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    print(f"{len(RULES) + 1} rules, {len(headers)} headers and {len(core)} files of the core; "
          f"{len(sources)} sources as C11 and the headers as C++14 for {', '.join(MACHINES)}")
    return 1 if complaints or not sources else 0


if __name__ == "__main__":
    sys.exit(main())
