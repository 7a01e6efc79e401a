#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares the description with the facts, in both directions, number by number."""

import json
import os
import sys
import unittest

import described
import facts

HERE = os.path.dirname(os.path.abspath(__file__))


class Ledger:
    """Counts the comparisons and keeps the differences."""

    def __init__(self):
        self.count, self.differences = 0, []

    def same(self, where, what, description, fact):
        self.count += 1
        if description != fact:
            self.differences.append((where, what, description, fact))

    def names(self, where, description, fact):
        """Both sides have the same names, each once."""
        for side, names in (("description", description), ("facts", fact)):
            self.count += 1
            twice = sorted({n for n in names if names.count(n) > 1})
            if twice:
                self.differences.append((where, f"twice in the {side}", twice, []))
        for name in sorted(set(description) | set(fact), key=str):
            self.same(f"{where}: {name}", "exists", name in description, name in fact)


def number_or_word(count):
    """Counts that a caller gives have other names in the facts: only that they vary counts."""
    return int(count) if str(count).isdigit() else "varies"


def fact_repeats(field):
    return [(number_or_word(r["count"]), r["stride_dwords"]) for r in field.get("repeat", [])]


# ---- the stream ----

def compare_commands(ledger, protocol):
    known = {c["id"]: c for c in facts.COMMANDS["commands"]}
    ledger.names("commands", [c.name for c in protocol.commands], list(known))
    for command in protocol.commands:
        fact = known.get(command.name)
        if fact:
            compare_command(ledger, command, fact)
            compare_fields(ledger, protocol, command, fact)


def compare_command(ledger, command, fact):
    where = command.name
    ledger.same(where, "opcode", command.opcode, fact["opcode"])
    ledger.same(where, "name", "VIRGL_CCMD_" + command.wire_name, fact["name"])
    obj = fact.get("object_type_name")
    if fact.get("object_type") == "any":
        obj = "any"
    described_object = command.get("object")
    if described_object not in (None, "any"):
        described_object = "VIRGL_OBJECT_" + described_object
    ledger.same(where, "object", described_object, obj)
    ledger.same(where, "since", command.get("since"), fact["since_virglrenderer"])
    ledger.same(where, "size", command.get("size"), facts.payload_text(fact["payload"]))
    ledger.same(where, "host-size", command.get("host-size"), facts.host_length_text(fact))
    ledger.same(where, "needs", command.get("needs"), facts.needs_text(fact["needs"]))
    if fact["payload"]["kind"] == "formula":
        low, high = payload_range(command)
        ledger.same(where, "shortest payload", low, fact["payload"]["min"])
        if high is not None:
            ledger.same(where, "longest payload", high, fact["payload"]["max"])
    compare_counts(ledger, command, fact)


def payload_range(command):
    """(shortest, longest) payload in dwords that the layout allows; None for no limit."""
    words = command.get("size").split(" + ")
    low = high = int(words[0]) if words[0].isdigit() else 0
    for item in command.items:
        step = item.stride if item.kind == "array" else 1
        if item.kind in ("array", "values"):
            low += step * item.min_count
            high = None if item.max_count is None or high is None else high + step * item.max_count
        elif item.kind == "bytes":
            low += (max(item.min_count, item.min_bytes) + 3) // 4
            high = None
        elif item.kind == "optional":
            high = None if high is None else high + 1
    return low, high


def compare_counts(ledger, command, fact):
    rule = fact["host_length"]
    if rule["kind"] != "formula":
        return
    part = next(i for i in command.items if i.kind in ("array", "values"))
    ledger.same(command.name, "max-count", part.max_count, rule["max_count"])
    ledger.same(command.name, "min-count", part.min_count, rule["min_count"])
    if part.kind == "array":
        ledger.same(command.name, "stride", part.stride, rule["stride"])
    fields = [i.name for i in command.items if i.kind == "field"]
    ledger.same(command.name, "field with the count", part.count if part.count in fields else None,
                rule.get("count_field"))


def compare_fields(ledger, protocol, command, fact):
    rows = described.command_rows(protocol, command)
    known = {f["name"]: f for f in fact["fields"]}
    ledger.names(command.name, [r.name for r in rows], [f["name"] for f in fact["fields"]])
    for row in rows:
        if row.name in known:
            compare_field(ledger, f"{command.name}: {row.name}", row, known[row.name])


def compare_field(ledger, where, row, fact):
    place = fact["dword"] if isinstance(fact["dword"], int) else None
    ledger.same(where, "dword", row.place, place)
    ledger.same(where, "shift", row.shift, fact["shift"])
    kind = "bytes" if row.kind == "padding" else row.type
    ledger.same(where, "type", kind, fact["type"])
    ledger.same(where, "bits", None if row.kind in ("bytes", "padding") else row.bits, fact["bits"])
    ledger.same(where, "repeats", [(number_or_word(c), s) for c, s in row.repeats],
                fact_repeats(fact))
    ledger.same(where, "enum", row.item.enum, facts.ENUMS.get(fact.get("enum"), fact.get("enum")))
    ledger.same(where, "handle", row.item.handle, facts.handle_kind(fact.get("handle")))
    ledger.same(where, "optional", row.when is not None, "when" in fact)
    if "handle" in fact:
        ledger.same(where, "may be 0", row.minimum != 1, "zero_means" in fact)


# ---- constants ----

def compare_constants(ledger, protocol):
    lists = facts.constant_lists()
    ledger.names("enumerations", [e.name for e in protocol.enums.values()
                                  if e.file != "virtio-gpu.xml"],
                 [facts.ENUMS[name] for name in lists if name != "formats"])
    for name, entries in lists.items():
        if name != "formats":
            compare_enum(ledger, protocol.enums[facts.ENUMS[name]], entries)
    compare_limits(ledger, protocol, "virgl-enums.xml", facts.CONSTANTS["limits"])


def origin(value):
    """The name elsewhere; tweaks and the sizes of an index are in lower case there."""
    lower = value.origin.startswith("virgl_tweak_") or value.c_name.startswith("VCMD_INDEX_SIZE_")
    return value.origin.lower() if lower else value.origin


def compare_enum(ledger, enum, entries):
    where = f"enum {enum.name}"
    ledger.names(where, [origin(v) for v in enum.values], [e["name"] for e in entries])
    known = {e["name"]: e for e in entries}
    for value in enum.values:
        entry = known.get(origin(value))
        if entry is None:
            continue
        ledger.same(f"{where}: {value.short}", "value", value.value, entry["value"])
        if enum.name != "ccmd":  # a command says itself since when hosts have it
            ledger.same(f"{where}: {value.short}", "since", value.since, entry.get("since"))
    flags = enum.kind == "flags"
    if any("bit" in e for e in entries):
        ledger.same(where, "flags", flags, True)
    for entry in entries:
        if "bit" in entry:
            ledger.same(f"{where}: {entry['name']}", "bit", 1 << entry["bit"], entry["value"])


def compare_limits(ledger, protocol, file, known):
    limits = {m.origin: m for m in protocol.limits if m.file == file}
    ledger.names(f"limits of {file}", list(limits), list(known))
    for name, limit in limits.items():
        ledger.same(f"limit {name}", "value", limit.value, known.get(name))


def compare_formats(ledger, protocol):
    known = {f["name"][len("VIRGL_FORMAT_"):]: f for f in facts.CONSTANTS["formats"]}
    ledger.names("formats", [n.get("name") for n in protocol.formats], list(known))
    for node in protocol.formats:
        fact = known.get(node.get("name"))
        if fact:
            compare_format(ledger, f"format {node.get('name')}", node, fact)
    numbers = {int(n.get("value")) for n in protocol.formats}
    limits = facts.CONSTANTS["format_limits"]
    gaps = sorted(set(range(max(numbers) + 1)) - numbers)
    ledger.same("formats", "gaps", gaps, limits["gaps"])
    ledger.same("formats", "largest", max(numbers) + 1, limits["mesa_main"])


def compare_format(ledger, where, node, fact):
    ledger.same(where, "value", int(node.get("value")), fact["value"])
    ledger.same(where, "since", node.get("since"), fact["since"])
    for key in ("layout", "colorspace"):
        ledger.same(where, key, node.get(key), fact[key])
    block = f"{fact['block_w']}x{fact['block_h']}x{fact['block_d']}"
    ledger.same(where, "block", node.get("block"), block)
    bits = node.get("bits")
    ledger.same(where, "bits", int(bits) if bits else None, fact["block_bits"])
    channels = " ".join(f"{kind}{bits}" for kind, bits in fact.get("channels", [])) or None
    ledger.same(where, "channels", node.get("channels"), channels)
    ledger.same(where, "swizzle", node.get("swizzle"), fact.get("swizzle"))
    aliases = [a[len("VIRGL_FORMAT_"):] for a in fact.get("aliases", [])]
    ledger.same(where, "alias", (node.get("alias") or "").split(), aliases)
    ledger.same(where, "until", node.get("until"), fact.get("removed_in"))


# ---- structures in bytes ----

def fact_row(field):
    """(offset, element type, elements and their strides, first bit, bits)"""
    repeats = []
    if "outer_count" in field:
        repeats.append((field["outer_count"], field["outer_stride"]))
    step, inner = described.BYTES[field["type"]], []
    for dim in reversed(field.get("dims", [field["count"]] if "count" in field else [])):
        inner.insert(0, (dim, step))
        step *= dim
    repeats += inner
    bits = field.get("bits", 8 * described.BYTES[field["type"]])
    return field["offset"], field["type"], repeats, field.get("bit_shift", 0), bits


def compare_struct(ledger, where, rows, fields, since=False):
    """Padding has no name of its own: it is compared by place and size."""
    pads = {r.place: r for r in rows if r.type == "pad"}
    named = [f for f in fields if f["offset"] not in pads and f["size"] > 0]
    known = {f["name"]: f for f in named}
    ledger.names(where, [r.name for r in rows if r.type != "pad"], [f["name"] for f in named])
    for field in fields:
        if field["offset"] in pads:
            size = described.pad_bytes(pads.pop(field["offset"]).item)
            ledger.same(f"{where}: {field['name']}", "bytes of padding", size, field["size"])
    ledger.same(where, "padding that the facts have not", sorted(pads), [])
    for row in rows:
        fact = known.get(row.name)
        if fact is None or row.type == "pad":
            continue
        place, kind, repeats, shift, bits = fact_row(fact)
        inside = f"{where}: {row.name}"
        ledger.same(inside, "offset", row.place, place)
        ledger.same(inside, "type", row.type, kind)
        ledger.same(inside, "repeats", row.repeats, repeats)
        ledger.same(inside, "shift", row.shift, shift)
        ledger.same(inside, "bits", row.bits, bits)
        if since:
            ledger.same(inside, "since", row.since, fact.get("since"))


def compare_caps(ledger, protocol):
    caps = facts.CONSTANTS["caps"]
    fields = caps["virgl_caps_v1"]["fields"] + caps["virgl_caps_v2"]["fields"]
    rows = described.struct_rows(protocol, protocol.structs["caps"])
    compare_struct(ledger, "caps", rows, fields, since=True)
    ledger.same("caps", "size", described.struct_size(protocol.structs["caps"]),
                caps["virgl_caps_v2"]["size"])
    first = [f for f in fields if f["offset"] < caps["virgl_caps_v1"]["size"]]
    ledger.same("caps", "fields of the first set", len(first), len(caps["virgl_caps_v1"]["fields"]))
    for fact, name in (("virgl_caps_bool_set1", "caps_bool_set"),
                       ("virgl_video_caps", "video_cap")):
        struct = protocol.structs[name]
        ledger.same(name, "size", described.struct_size(struct), caps[fact]["size"])
        compare_struct(ledger, name, described.struct_rows(protocol, struct), caps[fact]["fields"])
    compare_releases(ledger, protocol, caps)
    compare_feature_versions(ledger, protocol)


def compare_releases(ledger, protocol, caps):
    sizes = caps["virgl_caps_v2"]["total_size_by_version"]
    formats = facts.CONSTANTS["format_limits"]["max_by_version"]
    commands = facts.CONSTANTS["commands_max_by_version"]
    versions = facts.CONSTANTS["host_feature_check_version"]["by_release"]
    ledger.names("releases", [n.get("name") for n in protocol.releases],
                 [n for n in formats if n[0].isdigit()])
    for node in protocol.releases:
        name, where = node.get("name"), f"release {node.get('name')}"
        size = sizes.get(name, caps["virgl_caps_v1"]["size"])
        ledger.same(where, "caps-size", int(node.get("caps-size")), size)
        version = node.get("feature-version")
        ledger.same(where, "feature-version", version and int(version), versions.get(name))
        ledger.same(where, "formats", int(node.get("formats")), formats[name])
        # The facts have the largest command number, the description one more.
        ledger.same(where, "commands", int(node.get("commands")), commands[name] + 1)
        ledger.same(where, "objects", int(node.get("objects")),
                    facts.CONSTANTS["object_types_max"][name])


def compare_feature_versions(ledger, protocol):
    """What a version means is prose on both sides; where that is a field, the field says so too."""
    meaning = facts.CONSTANTS["host_feature_check_version"]["meaning"]
    ledger.names("feature versions", [n.get("value") for n in protocol.feature_versions],
                 list(meaning))
    fields = {i.name: i for i in protocol.structs["caps"].items}
    named = {}
    for version, text in meaning.items():
        for word in text.replace(",", " ").split():
            if word in fields:
                named[word] = int(version)
    named["renderer"] = next(int(v) for v, text in meaning.items() if text == "renderer string")
    for name, item in fields.items():
        ledger.same(f"caps: {name}", "feature-version", item.feature_version, named.get(name, 0))


def compare_video(ledger, protocol):
    known = {s["name"]: s for s in facts.CONSTANTS["video"]["structs"]}
    mine = {s.get("origin"): s for s in protocol.structs.values() if s.file == "virgl-video.xml"}
    ledger.names("video structures", list(mine), list(known))
    for name, struct in mine.items():
        fact = known[name]
        ledger.same(name, "name", "virgl_" + struct.name, name)
        ledger.same(name, "size", described.struct_size(struct), fact["size"])
        ledger.same(name, "since", struct.get("since"), fact["since"])
        compare_struct(ledger, name, described.struct_rows(protocol, struct), fact["fields"])


def compare_host_structs(ledger, protocol):
    known = {s["name"]: s for s in facts.CONSTANTS["host_structs"]}
    mine = {s.get("origin") for s in protocol.structs.values()
            if s.file == "virgl-caps.xml" and s.get("origin")}
    ledger.names("structures of the host", sorted(mine | {"virgl_box"}), list(known))
    for name, fact in known.items():
        struct = protocol.structs[facts.STRUCTS[name]]
        rows = described.struct_rows(protocol, struct)
        if any("[0]" in f["name"] for f in fact["fields"]):
            rows = list(described.unroll(rows))
        ledger.same(name, "size", described.struct_size(struct), fact["size"])
        compare_struct(ledger, name, rows, fact["fields"])


# ---- the control queue ----

def compare_control(ledger, protocol):
    control = facts.CONTROL
    compare_requests(ledger, protocol, control)
    compare_responses(ledger, protocol, control)
    for name, entries in control["constants"].items():
        if name == "misc":
            known = {e["name"]: e["value"] for e in entries}
            compare_limits(ledger, protocol, "virtio-gpu.xml", known)
        else:
            compare_enum(ledger, protocol.enums[facts.CONTROL_ENUMS[name]], entries)
    features = [{"name": f["name"], "value": f["bit"]} for f in control["features"]]
    compare_enum(ledger, protocol.enums["ctrl_feature"], features)
    ledger.names("enumerations of the control queue",
                 [e.name for e in protocol.enums.values() if e.file == "virtio-gpu.xml"],
                 list(facts.CONTROL_ENUMS.values()) + ["ctrl_feature"])
    compare_control_structs(ledger, protocol, control)


def compare_message(ledger, where, rows, fact):
    """Where a message is its header, the facts have the header's own structure."""
    if fact["name"] == "virtio_gpu_ctrl_hdr":
        for row in rows:
            row.name = row.name[len("hdr."):] if row.name.startswith("hdr.") else row.name
    compare_struct(ledger, where, rows, fact["fields"])


def compare_requests(ledger, protocol, control):
    known = {c["name"][len("VIRTIO_GPU_CMD_"):]: c for c in control["commands"]}
    answers = {r["name"][len("VIRTIO_GPU_RESP_"):]: r for r in control["responses"]}
    ledger.names("requests", [r.name for r in protocol.requests], list(known))
    for request in protocol.requests:
        fact, where = known[request.name], request.name
        ledger.same(where, "type", request.type, fact["value"])
        ledger.same(where, "size", int(request.get("size")), fact["request_size"])
        ledger.same(where, "structure", request.get("origin"), fact["request"])
        ledger.same(where, "queue", request.get("queue", "control"), fact["queue"])
        ledger.same(where, "feature", request.get("feature"), fact["feature"])
        ledger.same(where, "context", request.get("context") == "yes", fact["uses_ctx_id"])
        ledger.same(where, "response", "VIRTIO_GPU_RESP_" + request.get("response"),
                    fact["response"][0])
        ledger.same(where, "size of the response", answers[request.get("response")]["size"],
                    fact["response_size"])
        tail = next((i for i in request.items if i.kind == "tail"), None)
        text = fact["request_tail"]
        ledger.same(where, "tail", tail is not None, text is not None)
        if tail is not None and text:
            ledger.same(where, "count of the tail", tail.count in text.split(), True)
            ledger.same(where, "entries in the tail", tail.struct == "ctrl_mem_entry",
                        "virtio_gpu_mem_entry" in text)
        compare_message(ledger, where, described.message_rows(protocol, request),
                        control["structs"][fact["request"]])


def compare_responses(ledger, protocol, control):
    known = {r["name"][len("VIRTIO_GPU_RESP_"):]: r for r in control["responses"]}
    ledger.names("responses", [r.name for r in protocol.responses], list(known))
    for response in protocol.responses:
        fact, where = known[response.name], "response " + response.name
        ledger.same(where, "type", response.type, fact["value"])
        ledger.same(where, "size", int(response.get("size")), fact["size"])
        ledger.same(where, "structure", response.get("origin"), fact["struct"])
        struct = control["structs"][fact["struct"]]
        compare_message(ledger, where, described.message_rows(protocol, response), struct)
        tail = any(i.kind == "tail" for i in response.items)
        ledger.same(where, "tail", tail, any(f["size"] == 0 for f in struct["fields"]))


def compare_control_structs(ledger, protocol, control):
    mine = {s.get("origin"): s for s in protocol.structs.values() if s.file == "virtio-gpu.xml"}
    mine["virtio_gpu_box"] = protocol.structs["box"]
    used = {r.get("origin") for r in protocol.requests + protocol.responses}
    ledger.names("structures of the control queue", sorted(set(mine) | used),
                 list(control["structs"]))
    for name, struct in mine.items():
        fact = control["structs"][name]
        ledger.same(name, "size", described.struct_size(struct), fact["size"])
        compare_struct(ledger, name, described.struct_rows(protocol, struct), fact["fields"])


AREAS = [compare_commands, compare_constants, compare_formats, compare_caps, compare_video,
         compare_host_structs, compare_control]


class Facts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.ledger, protocol = Ledger(), described.load()
        for compare in AREAS:
            compare(cls.ledger, protocol)
        with open(os.path.join(HERE, "accepted.json"), encoding="utf-8") as file:
            cls.accepted = [(e["reason"], tuple(d)) for e in json.load(file)["accepted"]
                            for d in e["differences"]]

    def test_no_difference_but_the_accepted(self):
        accepted = [json.dumps(d) for _, d in self.accepted]
        wrong = [d for d in self.ledger.differences if json.dumps(d) not in accepted]
        text = "\n".join(f"{where}: {what} is {mine!r} in the description, {fact!r} in the facts"
                         for where, what, mine, fact in wrong)
        self.assertFalse(wrong, f"\n{text}\n{len(wrong)} differences")

    def test_every_accepted_difference_is_there(self):
        found = [json.dumps(d) for d in self.ledger.differences]
        for reason, difference in self.accepted:
            self.assertIn(json.dumps(difference), found, "no longer a difference: strike it out")
            self.assertTrue(reason)

    def test_enough_was_compared(self):
        """A comparison of nothing would pass: 462 fields have seven properties each."""
        self.assertGreater(self.ledger.count, 15000)

    @classmethod
    def tearDownClass(cls):
        print(f"{cls.ledger.count} comparisons, {len(cls.accepted)} accepted differences",
              file=sys.stderr)


if __name__ == "__main__":
    unittest.main()
