# SPDX-License-Identifier: MIT
"""Golden tables: structures laid out in bytes, constants, formats, releases."""

import struct as binary

import described
import facts
from golden_values import wrap


def pattern_byte(at, pattern):
    """As in golden.c."""
    byte = (at * 167 + (at >> 8) * 29 + 13) & 0xff
    return byte ^ 0xff if pattern else byte


def check_float(place):
    """A signalling NaN may change on its way through a register. The other patterns have none."""
    for pattern in (0, 1):
        raw = bytes(pattern_byte(place + k, pattern) for k in range(4))
        value = binary.unpack("<f", raw)[0]
        assert value == value, f"the pattern at {place} is a NaN"


def leaf(kind, row, fact, end):
    """One line of a table: places on the wire from the fact, the C member from the description."""
    size = described.BYTES[fact["type"]]
    if fact["type"] == "f32":
        check_float(fact["offset"])
    outer, outer_wire = fact.get("outer_count", 1), fact.get("outer_stride", 0)
    member = row.c.format(*(0 for _ in row.repeats))
    outer_place = "0"
    if outer > 1:
        outer_place = f"sizeof((({kind} *)0)->{row.c.split('[{0}]')[0]}[0])"
    return wrap(f"GOLDEN_LEAF({kind}, {member}, {fact['offset']}, {size},"
                f" {fact.get('bit_shift', 0)}, {fact.get('bits', 8 * size)},"
                f" {fact.get('count', 1)},"
                f" {outer}, {outer_place}, {outer_wire}, {end}),")


def leaves(protocol, struct, fields, ends=None):
    """The table of a structure."""
    kind = f"struct vcmd_{struct.c_name}"
    rows = described.struct_rows(protocol, struct)
    if any("[0]" in f["name"] for f in fields):
        rows = list(described.unroll(rows))
    known = {r.name: r for r in rows if r.type != "pad"}
    lines = ["", f"static const struct golden_leaf {struct.c_name}_leaves[] = {{"]
    for field in fields:
        end = ends[field["name"]] if ends else field["offset"] + field["size"]
        if field["name"] in known:
            lines += leaf(kind, known.pop(field["name"]), field, end)
    assert not known, sorted(known)
    return lines + ["};"]


def table(struct, name, size):
    c_name = struct.c_name
    return wrap(f"static const struct golden_struct {c_name} = {{\"{name}\", {c_name}_leaves,"
                f" COUNT({c_name}_leaves), {size}, sizeof(struct vcmd_{c_name})}};", 0)


def structure_test(protocol, struct, fact, pack):
    name = struct.c_name
    lines = leaves(protocol, struct, fact["fields"]) + table(struct, fact["name"], fact["size"])
    lines += ["", f"static void test_{name}(void **state)", "{", "    (void)state;",
              f"    assert_int_equal(VCMD_{name.upper()}_SIZE, {name}.size);"]
    if pack:
        lines += wrap(f"GOLDEN_PACK(struct vcmd_{name}, {name}, vcmd_pack_{name});")
    least = fact.get("least", fact["size"])
    lines += wrap(f"GOLDEN_UNPACK(struct vcmd_{name}, {name}, vcmd_unpack_{name}, {least});")
    return lines + ["}"]


def video(protocol, part):
    """The descriptors that go into a resource as a whole, in three parts."""
    lines, names = [], []
    known = {s["name"]: s for s in facts.CONSTANTS["video"]["structs"]}
    tops = [s for s in protocol.structs.values() if s.file == "virgl-video.xml" and
            (s.name.endswith("_picture_desc") or s.name == "video_encode_feedback")]
    union = facts.CONSTANTS["video"]["picture_desc_union"]
    assert len(tops) == len(union["members"]) + 1
    assert max(described.struct_size(s) for s in tops) == union["size"]
    for struct in tops[5 * part - 5:5 * part]:
        lines += structure_test(protocol, struct, known[struct.get("origin")], True)
        names.append(f"test_{struct.c_name}")
    return lines, names


def host_structs(protocol):
    """What a host writes, and the two structures of the control queue that stand alone."""
    lines, names = [], []
    for fact in facts.CONSTANTS["host_structs"]:
        struct = protocol.structs[facts.STRUCTS[fact["name"]]]
        if struct.name != "box":  # a part of commands
            lines += structure_test(protocol, struct, fact, False)
            names.append(f"test_{struct.c_name}")
    structs = facts.CONTROL["structs"]
    config = dict(structs["virtio_gpu_config"])
    assert "u32 blob_alignment at offset 16" in config["note"] and "20 bytes" in config["note"]
    config["fields"] = config["fields"] + [
        {"name": "blob_alignment", "offset": 16, "size": 4, "type": "u32"}]
    # A device without BLOB_ALIGNMENT has the 16 bytes only.
    config["least"], config["size"] = config["size"], 20
    entry = structs["virtio_gpu_mem_entry"]
    for name, fact in (("ctrl_config", config), ("ctrl_mem_entry", entry)):
        lines += structure_test(protocol, protocol.structs[name], fact, False)
        names.append(f"test_{name}")
    return lines, names


# ---- capability sets ----

def caps_fields():
    caps = facts.CONSTANTS["caps"]
    return caps["virgl_caps_v1"]["fields"] + caps["virgl_caps_v2"]["fields"]


def caps_extents():
    """{name of a whole field: (offset, end, since)}"""
    whole = {}
    for field in caps_fields():
        top = field["name"].split(".")[0].split("[")[0]
        end = field["offset"] + field["size"]
        end += (field.get("outer_count", 1) - 1) * field.get("outer_stride", 0)
        start, last, since = whole.get(top, (field["offset"], 0, field["since"]))
        # Bits of a field may be younger than the field.
        oldest = min(since, field["since"], key=lambda v: [int(n) for n in v.split(".")])
        whole[top] = (min(start, field["offset"]), max(last, end), oldest)
    return whole


def caps(protocol):
    whole = caps_extents()
    ends = {f["name"]: whole[f["name"].split(".")[0].split("[")[0]][1] for f in caps_fields()}
    struct = protocol.structs["caps"]
    size = facts.CONSTANTS["caps"]["virgl_caps_v2"]["size"]
    lines = leaves(protocol, struct, caps_fields(), ends) + table(struct, "caps", size)
    lines += ["", "struct golden_field {", "    const char *name;",
              "    enum vcmd_caps_field field;", "    uint32_t offset, size;",
              "    const char *since;", "};", "",
              "static const struct golden_field fields[] = {"]
    for name, (start, end, since) in whole.items():
        lines += wrap(f'{{"{name}", VCMD_CAPS_{name.upper()}, {start}, {end - start}, "{since}"}},')
    sizes = set(facts.CONSTANTS["caps"]["virgl_caps_v2"]["total_size_by_version"].values())
    sizes.add(facts.CONSTANTS["caps"]["virgl_caps_v1"]["size"])
    lines += ["};", "", "/* What hosts send. */", "static const size_t sizes[] = {"
              + ", ".join(str(s) for s in sorted(sizes)) + "};"]
    return lines + release_lines()


def release_lines():
    constants = facts.CONSTANTS
    sizes = constants["caps"]["virgl_caps_v2"]["total_size_by_version"]
    versions = constants["host_feature_check_version"]["by_release"]
    lines = ["", "/* Name, bytes of the largest set, version, formats, commands, objects. */",
             "static const struct vcmd_host_release releases[] = {"]
    for name, formats in constants["format_limits"]["max_by_version"].items():
        if name[0].isdigit():
            lines.append(f'    {{"{name}", {sizes.get(name, 308)}, {versions.get(name) or 0},'
                         f' {formats}, {constants["commands_max_by_version"][name] + 1},'
                         f' {constants["object_types_max"][name]}}},')
    return lines + ["};"]


# ---- constants ----

# Lists whose names in the facts are bare words.
BARE = {"advanced_blend_modes": "ADVANCED_BLEND_", "index_sizes": "INDEX_SIZE_",
        "h264_slice_type": "H264_SLICE_TYPE_", "h2645_enc_picture_type": "H2645_ENC_PICTURE_TYPE_",
        "h2645_enc_rate_control_method": "H2645_ENC_RATE_CONTROL_METHOD_"}


def c_constant(name):
    """PIPE_ and VIRGL_ become VCMD_, VIRTIO_GPU_ becomes VCMD_CTRL_."""
    if not name.startswith("VIRGL_FORMAT_"):  # 10x10 stays as it is
        name = name.upper()
    for prefix, mine in (("VIRTIO_GPU_", "VCMD_CTRL_"), ("PIPE_", "VCMD_"), ("VIRGL_", "VCMD_")):
        if name.startswith(prefix):
            return mine + name[len(prefix):]
    return "VCMD_" + name


def constants():
    """{C name: value}"""
    result = {}
    for key, entries in facts.constant_lists().items():
        for entry in entries:
            result[c_constant(BARE.get(key, "") + entry["name"])] = entry["value"]
            for alias in entry.get("aliases", []) if key == "formats" else []:
                result[c_constant(alias)] = entry["value"]
    for name, value in facts.CONSTANTS["limits"].items():
        result[c_constant(name)] = value
    result["VCMD_FORMAT_LIMIT"] = max(f["value"] for f in facts.CONSTANTS["formats"]) + 1
    return result


def control_constants():
    result = {}
    for key, entries in facts.CONTROL["constants"].items():
        for entry in entries:
            name = entry["name"]
            if key == "capset_ids" and not name.startswith("VIRTIO_GPU_"):
                name = "VIRTIO_GPU_CAPSET_" + name
            # The rest of misc has names of the project's own.
            if name.startswith("VIRTIO_GPU_"):
                result[c_constant(name)] = entry["value"]
    for entry in facts.CONTROL["features"]:
        result[c_constant(entry["name"])] = entry["bit"]
    for entry in facts.CONTROL["commands"] + facts.CONTROL["responses"]:
        result[c_constant(entry["name"])] = entry["value"]
    return result


def constant_lines():
    lines = ["", "#define CONSTANT(name, value) {#name, (uint64_t)(name), value}", "",
             "static const struct {", "    const char *name;", "    uint64_t found, expected;",
             "} constants[] = {"]
    for name, value in {**constants(), **control_constants()}.items():
        lines.append(f"    CONSTANT({name}, 0x{value:x}),")
    lines += ["};", "", "static void test_constants(void **state)", "{", "    size_t i;", "",
              "    (void)state;", "    for (i = 0; i < COUNT(constants); i++) {",
              "        if (constants[i].found != constants[i].expected)",
              '            fail_msg("%s is 0x%llx instead of 0x%llx", constants[i].name,',
              "                     (unsigned long long)constants[i].found,",
              "                     (unsigned long long)constants[i].expected);", "    }", "}"]
    return lines, ["test_constants"]


def format_lines():
    lines = ["", "/* All but the DRM code, which the facts do not have. */",
             "static const struct vcmd_format_info formats[] = {"]
    for fact in facts.CONSTANTS["formats"]:
        channels = ", ".join(f"{{VCMD_CHANNEL_{kind.upper()}, {bits}}}"
                             for kind, bits in fact.get("channels", [])) or "{0, 0}"
        name = fact["name"][len("VIRGL_FORMAT_"):]
        lines += wrap(
            f'{{"{name}", {fact["value"]}, 0, {fact["block_bits"] or 0},'
            f' {fact["block_w"]}, {fact["block_h"]}, {fact["block_d"]},'
            f' VCMD_LAYOUT_{fact["layout"].upper()}, VCMD_COLORSPACE_{fact["colorspace"].upper()},'
            f' {len(fact.get("channels", []))}, {{{channels}}},'
            f' "{fact.get("swizzle", "")}", "{fact["since"] or ""}"}},')
    return lines + ["};"]
