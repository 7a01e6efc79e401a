# SPDX-License-Identifier: MIT
"""The public headers: enumerations, structs and prototypes."""

from . import c

GROUPS = {
    "objects": "Objects: state that is created under a handle, bound and destroyed.",
    "state": "State that a packet sets directly.",
    "draw": "Drawing, clearing, blitting, compute and barriers.",
    "transfer": "Moving bytes in and out of resources from within the stream, and host resources.",
    "query": "Queries and conditional rendering.",
    "context": "Sub-contexts, debugging, markers, padding.",
    "video": "Video decoding and encoding.",
}


def enum_lines(enum):
    origin = f" Protocol names: {enum.origin}*." if enum.origin else ""
    lines = c.comment(enum.doc + origin)
    if enum.kind == "flags":
        for value in enum.values:
            if value.doc:
                lines += c.comment(since(value, value.doc))
            lines.append(f"#define {value.c_name} 0x{value.value:x}u")
        return lines
    lines.append(f"enum vcmd_{enum.name} {{")
    for position, value in enumerate(enum.values):
        comma = "," if position + 1 < len(enum.values) else ""
        if value.doc:
            lines += c.comment(since(value, value.doc), 4)
        lines.append(f"    {value.c_name} = {value.value}{comma}")
    return lines + ["};"]


def since(value, text):
    if value.since and value.since != "0.2.0":
        return f"{text} Since virglrenderer {value.since}."
    return text


def limit_lines(limits):
    lines = c.comment("Limits of the protocol.")
    for limit in limits:
        lines += c.comment(limit.doc)
        lines.append(f"#define {limit.c_name} {limit.value}u")
    return lines


def enums(protocol, source, filename):
    """The enumerations that one description file has."""
    body = []
    for enum in protocol.enums.values():
        if enum.file == source or (enum.name == "ccmd" and source == "virgl-enums.xml"):
            body += enum_lines(enum) + [""]
    limits = [limit for limit in protocol.limits if limit.file == source]
    if limits:
        body += limit_lines(limits)
    return c.header(source, protocol.docs[source]) + c.guarded(filename, ["<stdint.h>"], body)


def formats(protocol):
    body = c.comment("Protocol names: VIRGL_FORMAT_*. vcmd_format_info() has the details of each.")
    body.append("enum vcmd_format {")
    for node in protocol.formats:
        if node.prose():
            body += c.comment(node.prose(), 4)
        body.append(f"    VCMD_FORMAT_{node.get('name')} = {node.get('value')},")
        for alias in (node.get("alias") or "").split():
            body.append(f"    VCMD_FORMAT_{alias} = {node.get('value')},")
    body[-1] = body[-1].rstrip(",")
    top = max(int(n.get("value")) for n in protocol.formats) + 1
    body += ["};", ""] + c.comment("One more than the largest format number.")
    body.append(f"#define VCMD_FORMAT_LIMIT {top}u")
    return c.header("virgl-formats.xml", protocol.docs["virgl-formats.xml"]) + c.guarded(
        "formats.h", [], body)


def command_doc(command):
    text = [command.summary]
    if command.doc:
        text.append(command.doc)
    size = command.get("size")
    unit = "dword" if size == "1" else "dwords"
    facts = f"{command.name}: payload of {size} {unit}"
    if command.since_text():
        facts += f", since virglrenderer {command.since_text()}"
    if command.get("needs"):
        facts += f". Needs {command.get('needs')}"
    text.append(facts + ".")
    return text + command.host


def prototype(named):
    lines = encoder_head(named)
    lines[-1] += ";"
    return lines


def encoder_head(named):
    return c.signature(f"enum vcmd_status vcmd_{named.c_name}(",
                       ["struct vcmd_buffer *buf", f"const struct vcmd_{named.c_name} *args"])


def commands(protocol, group):
    body = []
    for command in protocol.commands:
        if command.get("group") == group:
            extra = []
            if command.get("object") == "any":
                extra = c.comment("Kind of the object. [enum vcmd_object_type]", 4)
                extra.append("    uint32_t object_type;")
            body += c.struct(protocol, command, command_doc(command), extra)
            body += prototype(command) + [""]
    includes = ["<stdbool.h>", "<virglcmd/buffer.h>", "<virglcmd/enums.h>",
                "<virglcmd/formats.h>", "<virglcmd/structs.h>"]
    intro = GROUPS[group] + (" Each function appends one packet to the buffer, or nothing; it"
                             " returns the buffer's status. Pointers in the arguments are only read"
                             " during the call. NULL is allowed where the count is 0.")
    return c.header("virgl.xml", intro) + c.guarded(group + ".h", includes, body[:-1])


def plain_structs(protocol):
    """The structs of the stream and what the host writes back."""
    body = []
    for struct in protocol.structs.values():
        if struct.file == "virgl.xml":
            body += c.struct(protocol, struct, struct.doc) + [""]
    for struct in protocol.structs.values():
        if struct.file == "virgl-caps.xml" and struct.get("origin"):
            body += c.struct(protocol, struct, struct.doc) + [""]
            body += pack_prototypes(struct, pack=False) + [""]
    return c.header("virgl.xml", "Structures that several commands share, and those which the host"
                    " writes into resources.") + c.guarded(
                        "structs.h", ["<stdbool.h>", "<virglcmd/status.h>"], body[:-1])


def pack_prototypes(struct, pack=True):
    name, size = struct.c_name, struct.get("size")
    lines = []
    macro = f"VCMD_{name.upper()}_SIZE"
    lines += c.comment(f"Bytes of a {name} in memory of the host.")
    lines += [f"#define {macro} {size}u"]
    if pack:
        lines += c.comment(f"Writes {macro} bytes. A smaller size: VCMD_STATUS_BUFFER_FULL.")
        lines.append(f"enum vcmd_status vcmd_pack_{name}(void *bytes, size_t size,")
        lines.append(" " * len(f"enum vcmd_status vcmd_pack_{name}(")
                     + f"const struct vcmd_{name} *args);")
    if struct.get("min-size"):
        lines += c.comment(f"Reads up to {macro} bytes; what is missing is 0. A size below"
                           f" {struct.get('min-size')}: VCMD_STATUS_TRUNCATED.")
    else:
        lines += c.comment(f"Reads {macro} bytes. A smaller size: VCMD_STATUS_TRUNCATED.")
    lead = f"enum vcmd_status vcmd_unpack_{name}("
    lines.append(f"{lead}struct vcmd_{name} *args, const void *bytes,")
    lines.append(" " * len(lead) + "size_t size);")
    return lines


def video(protocol):
    body = []
    for struct in protocol.structs.values():
        if struct.file == "virgl-video.xml":
            body += c.struct(protocol, struct, struct.doc) + [""]
            if is_top(struct):
                body += pack_prototypes(struct) + [""]
    return c.header("virgl-video.xml", protocol.docs["virgl-video.xml"]) + c.guarded(
        "video_descriptors.h", ["<stdbool.h>", "<virglcmd/status.h>"], body[:-1])


def is_top(struct):
    """A descriptor that goes into a resource as a whole."""
    return struct.name.endswith("_picture_desc") or struct.name.endswith("feedback")


def caps(protocol):
    body = []
    for struct in protocol.structs.values():
        if struct.file == "virgl-caps.xml" and not struct.get("origin"):
            extra = []
            if struct.get("kind") == "capset":
                extra = c.comment("Bytes that the host gave; set by vcmd_caps_decode.", 4)
                extra.append("    uint32_t size;")
            body += c.struct(protocol, struct, struct.doc, extra) + [""]
    body += c.comment("The fields of struct vcmd_caps, for vcmd_caps_has() and"
                      " vcmd_caps_field_info().")
    body.append("enum vcmd_caps_field {")
    fields = protocol.structs["caps"].items
    body += [f"    VCMD_CAPS_{item.c_name.upper()} = {k}," for k, item in enumerate(fields)]
    body += ["    VCMD_CAPS_FIELD_COUNT = %d" % len(fields), "};"]
    return c.header("virgl-caps.xml", protocol.docs["virgl-caps.xml"]) + c.guarded(
        "caps_fields.h", ["<stdbool.h>", "<stdint.h>"], body)


def control_doc(named):
    text = [named.summary]
    if named.doc:
        text.append(named.doc)
    facts = f"{named.name} (0x{named.type:04x}), {named.get('size')} bytes"
    if named.kind == "request":
        facts += f", answered by {named.get('response')}"
        if named.get("feature"):
            facts += f", needs feature {named.get('feature')}"
    return text + [facts + "."] + named.host


HDR = "    struct vcmd_ctrl_hdr hdr; /* hdr.type is written by the encoder */"


def control(protocol):
    source = "virtio-gpu.xml"
    body = []
    for enum in protocol.enums.values():
        if enum.file == source:
            body += enum_lines(enum) + [""]
    body += c.comment("Request and response numbers: hdr.type.")
    body.append("enum vcmd_ctrl_type {")
    for request in protocol.requests:
        body.append(f"    VCMD_CTRL_CMD_{request.name} = 0x{request.type:04x},")
    for response in protocol.responses:
        body.append(f"    VCMD_CTRL_RESP_{response.name} = 0x{response.type:04x},")
    body[-1] = body[-1].rstrip(",")
    body += ["};", ""] + limit_lines([m for m in protocol.limits if m.file == source]) + [""]
    for struct in protocol.structs.values():
        if struct.file == source:
            body += c.struct(protocol, struct, struct.doc) + [""]
            if struct.name == "ctrl_hdr":
                body += c.comment("Bytes of the header on the queue.")
                body += [f"#define VCMD_CTRL_HDR_SIZE {struct.get('size')}u", ""]
            if struct.name in ("ctrl_config", "ctrl_mem_entry"):
                body += pack_prototypes(struct, pack=False) + [""]
    for named in protocol.requests + protocol.responses:
        body += c.struct(protocol, named, control_doc(named), [HDR])
        body += prototype(named) + [""]
    body += decoded(protocol.requests, "request") + [""]
    body += decoded(protocol.responses, "response")
    includes = ["<stdbool.h>", "<virglcmd/buffer.h>", "<virglcmd/enums.h>",
                "<virglcmd/formats.h>", "<virglcmd/structs.h>"]
    intro = [protocol.docs[source], "Each encoder appends one request or response to a vcmd_buffer,"
             " header included, or nothing; it returns the buffer's status."]
    return c.header(source, intro) + c.guarded("control.h", includes, body)


def decoded(group, what):
    lines = c.comment(
        f"A decoded {what}. tail is what follows the fixed part, in the input: the stream of a"
        " SUBMIT_3D, memory entries, a capset. Pointers in the typed part are NULL; memory entries"
        " are read from tail with vcmd_unpack_ctrl_mem_entry.")
    lines += [f"struct vcmd_ctrl_{what} {{", "    uint32_t type; /* enum vcmd_ctrl_type */",
              "    const uint8_t *tail;", "    size_t tail_size; /* bytes */", "    union {",
              "        struct vcmd_ctrl_hdr hdr;"]
    for named in group:
        member = named.name.lower()
        lines.append(f"        struct vcmd_{named.c_name} {member};")
    lines += ["    };", "};", ""]
    lines += c.comment([
        f"Decodes one {what} of size bytes: of the union, hdr and the struct of its type. Bytes"
        " after the fixed part are the tail; a tail shorter than the counts in the fixed part"
        " promise is VCMD_STATUS_TRUNCATED. An unknown type is VCMD_STATUS_UNKNOWN_VALUE, with hdr"
        " decoded. Values are not checked against their ranges: that is the device's task. error"
        " may be NULL."])
    lines.append(f"enum vcmd_status vcmd_ctrl_decode_{what}(const void *bytes, size_t size,")
    pad = " " * len(f"enum vcmd_status vcmd_ctrl_decode_{what}(")
    lines.append(f"{pad}struct vcmd_ctrl_{what} *{what},")
    lines.append(f"{pad}struct vcmd_error *error);")
    return lines
