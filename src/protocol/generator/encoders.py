# SPDX-License-Identifier: MIT
"""The encoders of the command stream: check everything, reserve once, store."""

from . import c
from .check import MAX_PAYLOAD, payload_size
from .headers import encoder_head


class Rules:
    """The table of rules of one encoder; each check refers to its row."""

    def __init__(self, named):
        self.named, self.rows = named, []
        self.unit = 1 if named.kind == "command" else 4

    def add(self, field, place, status, limit):
        row = (field, place // self.unit, status, limit)
        if row not in self.rows:
            self.rows.append(row)
        return f"&rules[{self.rows.index(row)}]"

    def lines(self):
        if not self.rows:
            return []
        lines = ["    static const struct vcmd_rule rules[] = {"]
        for field, place, status, limit in self.rows:
            lines.append(f'        {{"{self.named.name}", "{field}", {place}, VCMD_STATUS_{status},'
                         f" {limit}}},")
        return lines + ["    };"]


class Scope:
    """Where in the arguments the emitter is: expression, path for errors, index, indentation."""

    def __init__(self, expr="args->", path="", index="0", indent=4):
        self.expr, self.path, self.index, self.indent = expr, path, index, indent

    def inner(self, expr, path, index=None, indent=0):
        return Scope(expr, path, index or self.index, self.indent + indent)


def enum_set(protocol, item):
    """(bits of the allowed values or None, highest value)"""
    values = {v.value for v in protocol.enums[item.enum].values
              if item.max is None or v.value <= item.max}
    for other in item.also:
        if other.isdigit():
            values.add(int(other))
        else:
            values |= {v.value for v in protocol.enums[other].values}
    bits = sum(1 << v for v in values)
    top = max(values)
    contiguous = values == set(range(top + 1))
    return (None if contiguous else bits), top


def value_checks(protocol, rules, item, expr, scope, index):
    """[(condition of failure, rule, value)] for one scalar."""
    path, place = scope.path + item.c_name, item.place or 0
    found = []

    def add(condition, status, limit):
        found.append((condition, rules.add(path, place, status, limit), expr, index))

    low, high = c.limits(item)
    if item.enum == "format":
        test = f"!vcmd_format_known({expr})"
        if "0" in item.also:
            test = f"{expr} != 0 && {test}"
        add(test, "UNKNOWN_VALUE", max(int(n.get("value")) for n in protocol.formats))
        if low:
            add(f"{expr} < {low}", "OUT_OF_RANGE", low)
    elif item.enum and not item.open:
        enum = protocol.enums[item.enum]
        if enum.kind == "flags":
            mask = enum.mask() & (1 << item.bits) - 1
            if mask != 0xffffffff:
                add(f"({expr} & ~0x{mask:x}u) != 0", "RESERVED_BITS", mask)
        else:
            bits, top = enum_set(protocol, item)
            if bits is None:
                if not (item.has_bits and top == (1 << item.bits) - 1 and c.is_bool(item)):
                    add(f"{expr} > {top}", "UNKNOWN_VALUE", top)
            elif top < 64:
                add(f"!vcmd_in_set(0x{bits:x}u, {expr})", "UNKNOWN_VALUE", top)
            else:
                values = [k for k in range(top + 1) if bits >> k & 1]
                add(" && ".join(f"{expr} != {k}" for k in values), "UNKNOWN_VALUE", top)
            if item.min is not None:
                add(f"{expr} < {item.min}", "OUT_OF_RANGE", item.min)
    elif not c.is_bool(item):
        if item.type in ("i32", "i16"):
            if low is not None:
                add(f"{expr} < {low}", "OUT_OF_RANGE", low)
            if high is not None:
                add(f"{expr} > {high}", "OUT_OF_RANGE", high)
        elif item.type in ("u8", "u16", "u32", "u64"):
            if low == 1:
                add(f"{expr} == 0", "OUT_OF_RANGE", low)
            elif low:
                add(f"{expr} < {low}", "OUT_OF_RANGE", low)
            if high is not None and high < (1 << c_bits(item)) - 1:
                add(f"{expr} > {high}", "OUT_OF_RANGE", high)
    return found


def c_bits(item):
    """Bits of the C member, which may be wider than the field."""
    return {"uint8_t": 8, "uint16_t": 16, "uint64_t": 64}.get(c.c_type(item), 32)


def reject(scope, condition, rule, value, index, limit=None):
    """limit: an expression, where the bound depends on another argument."""
    pad = " " * scope.indent
    lines = [f"{pad}if ({condition})"]
    if limit is not None:
        return lines + [f"{pad}    return vcmd_reject_over(buf, {rule}, {index},"
                        f" (uint64_t){value}, (uint64_t){limit});"]
    return lines + [f"{pad}    return vcmd_reject(buf, {rule}, {index}, (uint64_t){value});"]


def checks(protocol, rules, items, scope, siblings=None):
    """Statements that return when an argument is bad."""
    siblings = siblings or list(c.flat(items))
    counts = {s.count for s in siblings if s.count}
    lines = []
    for item in items:
        if item.kind == "field" and item.c_name in counts:
            continue  # counted_checks has it
        if item.kind == "field":
            lines += field_checks(protocol, rules, item, scope)
        elif item.kind == "member":
            lines += member_checks(protocol, rules, item, scope)
        elif item.kind == "group":
            lines += group_checks(protocol, rules, item, scope)
        elif item.kind == "optional":
            inner = checks(protocol, rules, item.items,
                           scope.inner(scope.expr, scope.path, None, 4), siblings)
            if inner and item.flag:
                lines += [f"{' ' * scope.indent}if ({scope.expr}{item.flag}) {{"] + inner
                lines.append(f"{' ' * scope.indent}}}")
            else:
                lines += checks(protocol, rules, item.items, scope, siblings)
        elif item.by != "caller":
            lines += counted_checks(protocol, rules, item, scope, siblings)
    return lines


def field_checks(protocol, rules, item, scope):
    if item.type == "pad":
        return []
    expr, pad = scope.expr + item.c_name, " " * scope.indent
    lines = []
    if item.dims and not item.union and item.type != "char":
        found = value_checks(protocol, rules, item, f"{expr}[i]", scope, "i")
        if found:
            lines.append(f"{pad}for (i = 0; i < {item.dims[0]}; i++) {{")
            for condition, rule, value, index in found:
                lines += reject(scope.inner("", "", None, 4), condition, rule, value, index)
            lines.append(f"{pad}}}")
        return lines
    if not item.union and item.type != "char":
        for condition, rule, value, index in value_checks(protocol, rules, item, expr, scope,
                                                          scope.index):
            lines += reject(scope, condition, rule, value, index)
    if item.min_field:
        rule = rules.add(scope.path + item.c_name, item.place, "OUT_OF_RANGE", 0)
        least = f"{scope.expr}{item.min_field}"
        lines += reject(scope, f"{expr} < {least}", rule, expr, scope.index, least)
    return lines


def member_checks(protocol, rules, item, scope):
    """A shared struct: the rules of its fields, with the least value that the member sets."""
    struct = protocol.structs[item.struct]
    lines = []
    for field in struct.items:
        if field.kind != "field" or item.dims:
            continue
        expr = f"{scope.expr}{item.c_name}.{field.c_name}"
        place = (item.place or 0) + field.place
        path = f"{scope.path}{item.c_name}.{field.c_name}"
        if item.min is not None:
            rule = rules.add(path, place, "OUT_OF_RANGE", item.min)
            lines += reject(scope, f"{expr} < {item.min}", rule, expr, scope.index)
        for condition, rule, value, index in value_checks(
                protocol, rules, field, expr,
                scope.inner(scope.expr, f"{scope.path}{item.c_name}."), scope.index):
            lines += reject(scope, condition, rule, value, index)
    return lines


def group_checks(protocol, rules, item, scope):
    pad = " " * scope.indent
    if not item.dims:
        return checks(protocol, rules, item.items,
                      scope.inner(f"{scope.expr}{item.c_name}.", f"{scope.path}{item.c_name}."))
    inner = checks(protocol, rules, item.items,
                   scope.inner(f"{scope.expr}{item.c_name}[i].", f"{scope.path}{item.c_name}.",
                               "i", 4))
    if not inner:
        return []
    return [f"{pad}for (i = 0; i < {item.total()}; i++) {{"] + inner + [f"{pad}}}"]


def counted_checks(protocol, rules, item, scope, siblings):
    """Count, pointer, slots and elements of a part that has a count."""
    count, pad = f"args->{item.count}", " " * scope.indent
    place, lines = item.place or tail_place(rules.named), []
    fields = {s.c_name: s for s in siblings if s.kind == "field"}

    def add(condition, field, status, limit, value=count, bound=None):
        where = fields[field].place if field in fields else place
        rule = rules.add(field, where, status, limit)
        lines.extend(reject(scope, condition, rule, value, "0", bound))

    if item.kind == "padding":
        add(f"{count} > {MAX_PAYLOAD}", item.count, "TOO_LONG", MAX_PAYLOAD)
        return lines
    if item.min_count:
        add(f"{count} < {item.min_count}", item.count, "TOO_FEW", item.min_count)
    room = MAX_PAYLOAD - (max(place, 1) - 1) - item.spare
    if item.kind == "bytes":
        most = room * 4 - (1 if item.terminated else 0)
        # Optional dwords may stand before the bytes: the encoder checks the sum below.
        add(f"{count} > {most}", item.count, "TOO_LONG", most)
    elif item.max_count:
        add(f"{count} > {item.max_count}", item.count, "TOO_MANY", item.max_count)
    elif item.kind == "values":
        add(f"{count} > {room}", item.count, "TOO_LONG", room)
    elif item.kind == "tail":
        add(f"{count} > 0x0fffffff", item.count, "TOO_LONG", 0x0fffffff)
    if item.slot:
        room = f"({item.slots} - {count})"
        add(f"args->{item.slot} > {room}", item.slot, "OUT_OF_RANGE", item.slots,
            f"args->{item.slot}", room)
    add(f"{count} != 0 && args->{item.c_name} == NULL", item.c_name, "NULL_ARGUMENT", 0, "0")
    inner = element_checks(protocol, rules, item, scope)
    if inner:
        lines += [f"{pad}for (i = 0; i < {count}; i++) {{"] + inner + [f"{pad}}}"]
    return lines


def tail_place(named):
    """Where the memory entries of a control command begin; 0 for parts without a fixed place."""
    return int(named.get("size")) if named.kind == "request" else 0


def element_checks(protocol, rules, item, scope):
    inner = scope.inner(f"args->{item.c_name}[i].", f"{item.c_name}.", "i", 4)
    if item.kind == "array":
        return checks(protocol, rules, item.items, inner)
    lines = []
    if item.kind == "values":
        for condition, rule, value, index in value_checks(
                protocol, rules, item, f"args->{item.c_name}[i]",
                scope.inner("args->", "", "i"), "i"):
            lines += reject(inner, condition, rule, value, index)
    return lines


# ---- stores ----

def word(item, expr):
    """The bits of one field, in place."""
    if item.type == "f32":
        return f"vcmd_bits_of_float(&{expr})"
    cast = "" if c.c_type(item) == "uint32_t" else "(uint32_t)"
    shift = f" << {item.shift}" if item.shift else ""
    return f"{cast}{expr}{shift}"


def fixed_words(protocol, items, expr, offset=0):
    """{dword: [expressions]} of the fixed part; offset is added to each place."""
    words, wide = {}, []
    for item in items:
        if item.kind == "field":
            value = expr + item.c_name
            place = item.place + offset
            if item.type in ("f64", "u64"):
                wide.append((place, item, value))
            elif item.dims:
                for k, text in enumerate(element_names(item)):
                    target = f"{value}.u[{k}]" if item.union else value + text
                    words.setdefault(place + k, []).append(word(item, target))
            else:
                words.setdefault(place, []).append(word(item, value))
        elif item.kind == "member":
            struct = protocol.structs[item.struct]
            inner, _ = fixed_words(protocol, struct.items, f"{expr}{item.c_name}.",
                                   item.place + offset)
            words.update(inner)
        elif item.kind == "group":
            for k in range(item.total()):
                name = f"{item.c_name}[{k}]" if item.dims else item.c_name
                inner, more = fixed_words(protocol, item.items, f"{expr}{name}.",
                                          offset + k * (item.stride or 0))
                for place, texts in inner.items():
                    words.setdefault(place, []).extend(texts)
                wide += more
    return words, wide


def element_names(item):
    names = [""]
    for dim in item.dims:
        names = [f"{n}[{k}]" for n in names for k in range(dim)]
    return names


def store_word(target, texts, pad):
    if len(texts) == 1:
        return [f"{pad}{target} = vcmd_wire32({texts[0]});"]
    lines = [f"{pad}{target} = vcmd_wire32({texts[0]}"]
    for text in texts[1:]:
        lines[-1] += " |"
        lines.append(f"{pad}{' ' * len(target)}               {text}")
    lines[-1] += ");"
    return lines


def plain_members(protocol, items):
    """[(place, C member, words)] of the members that have the layout of the wire, in C order; None
    for each member in between that has not."""
    found = []
    for item in items:
        if item.kind == "field" and not item.has_bits and item.type in ("u32", "i32", "f32"):
            found.append((item.place, item.c_name, item.total()))
        elif item.kind == "member":
            words = len(protocol.structs[item.struct].items)
            found.append((item.place, item.c_name, words))
        else:
            found.append(None)
    return found


def blocks(protocol, items):
    """[(place, first member, last member, words)]: runs that one copy can store."""
    runs = []
    for entry in plain_members(protocol, items) + [None]:
        follows = entry and runs and runs[-1] and entry[0] == runs[-1][0] + runs[-1][3]
        if follows:
            place, first, _, words = runs[-1]
            runs[-1] = (place, first, entry[1], words + entry[2])
        else:
            runs.append(entry and (entry[0], entry[1], entry[1], entry[2]))
    return [run for run in runs if run and run[3] >= 3]


def stores(protocol, items, base, expr, pad, shift=0, struct=None):
    """Statements that store fixed fields; runs that lie in memory as on the wire go in one copy."""
    copied, lines = set(), []
    words, wide = fixed_words(protocol, items, expr)
    for place, first, last, count in blocks(protocol, items) if struct else []:
        target = f"{base} + {place - shift}" if place != shift else base
        lines.append(f"{pad}VCMD_STORE_BLOCK({target}, {expr.removesuffix('->')}, struct {struct},"
                     f" {first}, {last}, {count});")
        copied |= set(range(place, place + count))
    for place in sorted(set(words) - copied):
        lines += store_word(f"{base}[{place - shift}]", words[place], pad)
    for place, item, value in wide:
        bits = f"vcmd_bits_of_double(&{value})" if item.type == "f64" else value
        lines.append(f"{pad}{base}[{place - shift}] = vcmd_wire32((uint32_t){bits});")
        lines.append(f"{pad}{base}[{place - shift + 1}] = vcmd_wire32((uint32_t)({bits} >> 32));")
    return lines


def payload_terms(command):
    """(fixed dwords, C terms added to them)"""
    fixed, terms = 0, []
    size, _ = payload_size(None, command)
    fixed = size
    for item in command.items:
        if item.kind == "optional" and item.flag:
            terms.append(f"(args->{item.flag} ? 1u : 0u)")
        elif item.kind == "optional":
            array = next(i for i in item.items if i.kind == "array")
            count = f"args->{item.when.replace('.', '_')}"
            terms.append(f"({count} != 0 ? {array.place - first_place(item)}u +"
                         f" {array.stride}u * {count} : 0u)")
        elif item.kind == "array":
            terms.append(f"{item.stride}u * args->{item.count}")
        elif item.kind in ("values", "padding"):
            terms.append(f"args->{item.count}")
        elif item.kind == "bytes":
            extra = " + 1" if item.terminated else ""
            terms.append(f"vcmd_dwords_of_text(args->{item.c_name}, args->{item.count},"
                         f" {item.spare}u)" if item.spare else
                         f"vcmd_dwords_of(args->{item.count}{extra})")
    return fixed, terms


def first_place(optional):
    return min(i.place for i in optional.items if i.place is not None)


def tail_stores(protocol, command):
    """Statements for the parts after the fixed ones; q is where the next one starts."""
    lines = []
    for item in command.items:
        if item.kind == "array":
            lines += array_stores(protocol, item, "    ")
        elif item.kind == "values":
            lines.append(f"    vcmd_store_words(q, args->{item.c_name}, args->{item.count});")
        elif item.kind == "padding":
            lines.append(f"    memset(q, 0, args->{item.count} * sizeof(*q));")
        elif item.kind == "bytes":
            lines.append(f"    vcmd_store_bytes(q, (size_t)(end - q), args->{item.c_name},"
                         f" args->{item.count});")
        elif item.kind == "optional":
            condition = item.flag or item.when.replace(".", "_") + " != 0"
            lines.append(f"    if (args->{condition}) {{")
            fixed = [i for i in item.items if i.kind == "field"]
            lines += stores(protocol, fixed, "q", "args->", "        ", first_place(item))
            count = sum(i.total() for i in fixed)
            lines.append(f"        q += {count};")
            for array in [i for i in item.items if i.kind == "array"]:
                lines += array_stores(protocol, array, "        ")
            lines.append("    }")
    return lines


def array_stores(protocol, item, pad):
    lines = [f"{pad}for (i = 0; i < args->{item.count}; i++, q += {item.stride}) {{",
             f"{pad}    const struct vcmd_{item.struct} *element = &args->{item.c_name}[i];", ""]
    lines += stores(protocol, item.items, "q", "element->", pad + "    ", item.place,
                    f"vcmd_{item.struct}")
    return lines + [f"{pad}}}"]


def encoder(protocol, command):
    rules = Rules(command)
    fixed, terms = payload_terms(command)
    body = checks(protocol, rules, command.items, Scope())
    payload = " + ".join(([f"{fixed}u"] if fixed else []) + terms)
    risky = any(i.kind == "bytes" for i in command.items) and len(terms) > 1
    if risky:
        item = next(i for i in command.items if i.kind == "bytes")
        rule = rules.add(item.count, item.place or 0, "TOO_LONG", MAX_PAYLOAD)
        body += ["    payload = " + payload + ";"]
        body += reject(Scope(), f"payload > {MAX_PAYLOAD}", rule, "payload", "0")
    elif terms:
        body += ["    payload = " + payload + ";"]
    size = "payload" if terms else str(fixed)
    obj = command.get("object")
    header = {None: "0", "any": "args->object_type"}.get(obj, f"VCMD_OBJECT_{obj}")
    if obj == "any":
        rule = rules.add("object_type", 0, "UNKNOWN_VALUE", max_object(protocol))
        body = reject(Scope(), f"args->object_type > {max_object(protocol)}", rule,
                      "args->object_type", "0") + body
    opcode = f"VCMD_CCMD_{command.wire_name}"
    lines = encoder_head(command) + ["{"]
    code = body + [f"    if (!vcmd_reserve(buf, {size} + 1, &p))",
                   f'        return vcmd_reserve_refused(buf, "{command.name}", {size} + 1);',
                   f"    p[0] = vcmd_wire32(VCMD_PACKET_HEADER({opcode}, {header}, {size}));"]
    fixed_items = [i for i in command.items if i.kind in ("field", "member", "group")]
    code += stores(protocol, fixed_items, "p", "args->", "    ", 0, f"vcmd_{command.c_name}")
    tail = tail_stores(protocol, command)
    if tail:
        code += [f"    q = p + {fixed + 1};"] + tail
    lines += rules.lines()
    lines += declarations(code, tail)
    lines += ["", "    if (!vcmd_encode_begin(buf, args))",
              f'        return vcmd_encode_refused(buf, args, "{command.name}");']
    text = "\n".join(code)
    if "args->" not in text:
        lines.append("    (void)args;")
    if "end - q" in text:
        position = next(k for k, l in enumerate(code) if l.startswith("    q = "))
        code.insert(position + 1, f"    end = p + {size} + 1;")
    return lines + code + ["    return VCMD_STATUS_OK;", "}"]


def max_object(protocol):
    return max(v.value for v in protocol.enums["object_type"].values)


def declarations(code, tail):
    text = "\n".join(code)
    lines = ["    uint32_t *p;"]
    if tail:
        lines[0] = "    uint32_t *p, *q;"
    if "end - q" in text:
        lines.append("    const uint32_t *end;")
    if "payload = " in text:
        lines.append("    uint32_t payload;")
    if "for (i = 0" in text:
        lines.append("    size_t i;")
    return lines


def source(protocol, group):
    lines = c.header("virgl.xml") + ["", '#include "../core/encode.h"',
                                     f"#include <virglcmd/{group}.h>"]
    for command in protocol.commands:
        if command.get("group") == group:
            lines += [""] + encoder(protocol, command)
    return lines
