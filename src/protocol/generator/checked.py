# SPDX-License-Identifier: MIT
"""
What the checker need not look at, worked out beforehand. src/decode/table.h says what the columns
mean that are made here, and src/check/fields.c walks them.
"""

# Values that a rule answers with one bit: vcmd_item_rule.good.
QUICK = 64


class Rule:
    """What a value may be."""

    def __init__(self, protocol, item):
        self.item = item
        self.enum = protocol.enums.get(item.enum)
        self.flags = self.enum is not None and self.enum.kind == "flags"
        self.mask = self.enum.mask() if self.flags else 0
        self.also = next((a for a in item.also if not a.isdigit()), None)
        self.values = None
        if item.enum and not self.flags and not item.open:
            # Formats are not among the enumerations: the checker asks for each.
            values = self.enum.values if self.enum else []
            self.values = {v.value for v in values} | {int(a) for a in item.also if a.isdigit()}
            if self.also:
                self.values |= {v.value for v in protocol.enums[self.also].values}

    def is_good(self, value):
        item = self.item
        if item.min is not None and value < item.min or item.max is not None and value > item.max:
            return False
        if self.flags:
            return value & ~self.mask == 0
        return self.values is None or value in self.values

    def good(self):
        """Bits of the values that are good, of those below QUICK."""
        return sum(1 << value for value in range(QUICK) if self.is_good(value))

    def takes_all(self):
        """Whether nothing that fits the bits of the field can be wrong."""
        item = self.item
        if self.flags and item.min is None and item.max is None:
            return (1 << item.bits) - 1 & ~self.mask == 0
        if item.bits <= 6:
            # So few bits that each value can be tried; with a sign the bits were not the value.
            assert item.type not in ("i8", "i16", "i32"), item.name
            return all(self.is_good(value) for value in range(1 << item.bits))
        return self.values is None and item.min is None and item.max is None and not self.flags


def is_checked(protocol, item):
    """Whether a value of it can be wrong. Floats can be infinite or no number."""
    if item.kind not in ("field", "values"):
        return False
    return item.type in ("f32", "f64") or not Rule(protocol, item).takes_all()


def reserved_bits(items):
    """Bits of a dword that belong to none of its fields. A dword that has no bit fields has none."""
    if any(item.kind != "field" or item.bits >= 32 for item in items):
        return 0
    described = 0
    for item in items:
        described |= (1 << item.bits) - 1 << item.shift
    return ~described & 0xffffffff


def may_be_zero(protocol, item):
    """Whether a dword of zeros is good as far as this field goes."""
    one_dword = item.type in ("u32", "i32", "f32") and item.total() == 1
    return one_dword and (item.type == "f32" or Rule(protocol, item).is_good(0))


def steps(protocol, leaves):
    """
    The way of the checker through the items of a part, which are these leaves: its first item, and
    for each item (next, after, mask of the reserved bits of its dword). Items are numbered from 0;
    their count stands for the end.

    For a dword 1 with two fields of which only b can be wrong, and a dword 2 with c, which can be:

        item  a        b        c
        row  (3,0,0)  (2,2,m)  (3,3,0)      the first item is 1

    m are the bits of dword 1 that neither a nor b has. Items that are left out have a next, too,
    which nobody reads. after is 0 where 0 is wrong for a field of the dword.
    """
    count = len(leaves)
    dwords = {}
    for number, leaf in enumerate(leaves):
        dwords.setdefault(leaf.place // 4, []).append(number)
    masks = [0] * count
    for numbers in dwords.values():
        masks[numbers[-1]] = reserved_bits([leaves[n].item for n in numbers])
    looked = [n for n in range(count) if is_checked(protocol, leaves[n].item) or masks[n]]
    following = [count] * count
    for number, behind in zip(looked, looked[1:]):
        following[number] = behind
    after = [0] * count
    for numbers in dwords.values():
        here = [n for n in numbers if n in looked]
        if here and all(may_be_zero(protocol, leaves[n].item) for n in here):
            after[here[0]] = following[here[-1]]
    # The checker reads the whole dword at the place of such an item.
    assert all(leaves[n].place % 4 == 0 for n in looked if masks[n] or after[n])
    return (looked[0] if looked else count), list(zip(following, after, masks))
