# SPDX-License-Identifier: MIT
"""Values for golden packets, and the C that writes them down."""

import hashlib
import struct
import textwrap

WIDTH = 100
GLUE = "\x01"  # a space at which no line is broken
ONES = 1  # the variant in which each field has its largest value


def noise(*key):
    """64 bits that depend on the key alone, and look like chance."""
    text = "/".join(str(k) for k in key).encode()
    return int.from_bytes(hashlib.sha256(text).digest()[:8], "little")


class Value:
    """The bits on the wire, and the C expression for them."""

    def __init__(self, bits, text):
        self.bits, self.text = bits, text


def unsigned(number, kind="u32"):
    if kind == "u64":
        return Value(number, f"0x{number:x}ull")
    return Value(number, f"0x{number:x}u" if number > 9 else f"{number}u")


def signed(number, width=32):
    text = str(number)
    if number == -(1 << 31):
        text = "(-2147483647 - 1)"
    return Value(number & ((1 << width) - 1), text)


def boolean(number):
    return Value(number, "true" if number else "false")


def float32(seed, variant):
    """Numbers that a float holds exactly, and that C reads exactly from the text."""
    if variant == ONES:
        return Value(0x7f7fffff, "0x1.fffffep+127f")
    number = ((seed & 0xfffff) - 0x80000) / 8
    return Value(struct.unpack("<I", struct.pack("<f", number))[0], f"{number!r}f")


def float64(seed, variant):
    if variant == ONES:
        return Value(0x7fefffffffffffff, "0x1.fffffffffffffp+1023")
    number = ((seed & 0xfffffffffff) - 0x80000000000) / 4096
    return Value(struct.unpack("<Q", struct.pack("<d", number))[0], repr(number))


def within(seed, low, high, variant):
    return high if variant == ONES else low + seed % (high - low + 1)


# ---- C ----

def place(tree, path, text):
    """Puts a text into nested dictionaries by a path like rt[2].func."""
    keys = []
    for part in path.split("."):
        name, *indices = part.replace("]", "").split("[")
        keys.append("." + name)
        keys += [int(i) for i in indices]
    for key in keys[:-1]:
        tree = tree.setdefault(key, {})
    tree[keys[-1]] = text


def initialiser(tree):
    if not isinstance(tree, dict):
        return tree
    if all(isinstance(k, int) for k in tree):
        assert sorted(tree) == list(range(len(tree)))
        return "{" + ", ".join(initialiser(tree[k]) for k in range(len(tree))) + "}"
    return "{" + ", ".join(f"{k}{GLUE}={GLUE}{initialiser(v)}" for k, v in tree.items()) + "}"


def wrap(text, indent=4):
    """Breaks at spaces; strings in golden packets have none."""
    pad = " " * indent
    lines = textwrap.wrap(text, WIDTH, initial_indent=pad, subsequent_indent=pad + "    ",
                          break_long_words=False, break_on_hyphens=False)
    return [line.replace(GLUE, " ") for line in lines]


def numbers(values, per_line, form, indent=4):
    """Lines of an array."""
    pad = " " * indent
    return [pad + ", ".join(form % v for v in values[k:k + per_line]) + ","
            for k in range(0, len(values), per_line)]
