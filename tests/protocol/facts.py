# SPDX-License-Identifier: MIT
"""The facts in tests/facts, and the names that they use for what the description has."""

import json
import os

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "facts")


def read(name):
    with open(os.path.join(FOLDER, name), encoding="utf-8") as file:
        return json.load(file)


COMMANDS = read("virgl-commands.json")
CONSTANTS = read("virgl-constants.json")
CONTROL = read("virtio-gpu.json")

# List of the facts -> enumeration of the description.
ENUMS = {
    "texture_targets": "texture_target",
    "primitives": "prim",
    "blend_funcs": "blend_func",
    "blend_factors": "blend_factor",
    "advanced_blend_modes": "advanced_blend",
    "logic_ops": "logicop",
    "compare_funcs": "compare_func",
    "stencil_ops": "stencil_op",
    "tex_wrap": "tex_wrap",
    "tex_filter": "tex_filter",
    "tex_mip_filter": "tex_mipfilter",
    "tex_compare_mode": "tex_compare",
    "tex_faces": "tex_face",
    "cull_faces": "face",
    "polygon_modes": "polygon_mode",
    "sprite_coord_mode": "sprite_coord",
    "clear_bits": "clear_bits",
    "color_mask": "color_mask",
    "shader_stages": "shader_type",
    "query_types": "query_type",
    "query_result_types": "query_value_type",
    "query_states": "query_state_value",
    "pipeline_statistics_index": "stat_query",
    "render_condition_modes": "render_cond",
    "memory_barrier_bits": "memory_barrier_bits",
    "texture_barrier_bits": "texture_barrier_bits",
    "image_access": "image_access",
    "swizzles": "swizzle",
    "transfer_usage": "map_usage",
    "transfer_direction": "transfer_direction",
    "copy_transfer_flags": "copy_transfer_flags",
    "index_sizes": "index_size",
    "resource_usage": "usage",
    "bind_flags": "bind_flags",
    "resource_flags": "resource_flags",
    "object_types": "object_type",
    "context_errors": "context_error",
    "virgl_errors": "virgl_error",
    "tweaks": "tweak",
    "cap_bits": "cap_bits",
    "cap_bits_v2": "cap_bits_v2",
    "pipe_video_format": "video_format",
    "pipe_video_profile": "video_profile",
    "pipe_video_entrypoint": "video_entrypoint",
    "chroma_format": "video_chroma_format",
    "h264_slice_type": "h264_slice_type",
    "h2645_enc_picture_type": "h2645_enc_picture_type",
    "h2645_enc_rate_control_method": "h2645_enc_rate_control_method",
    "encode_stat": "video_encode_stat",
    "commands": "ccmd",
    "formats": "format",
}

CONTROL_ENUMS = {
    "header_flags": "ctrl_flags",
    "capset_ids": "ctrl_capset",
    "blob_mem": "ctrl_blob_mem",
    "blob_flags": "ctrl_blob_flags",
    "map_cache": "ctrl_map_cache",
    "formats": "ctrl_format",
    "shm_ids": "ctrl_shm_id",
    "events": "ctrl_event",
    "resource_flags": "ctrl_resource_flags",
}

STRUCTS = {
    "virgl_host_query_state": "query_state",
    "virgl_memory_info": "memory_info",
    "virgl_resource_layout": "resource_layout",
    "virgl_gbm_format_modifier": "gbm_format_modifier",
    "virgl_box": "box",
}


def constant_lists():
    """{name of the list: its entries}"""
    lists = dict(CONSTANTS["enums"])
    for key, entries in CONSTANTS["video"].items():
        if key not in ("structs", "picture_desc_union"):
            lists[key] = entries
    for key in ("bind_flags", "resource_flags", "object_types", "context_errors", "virgl_errors",
                "tweaks", "pipeline_statistics_index", "commands", "formats"):
        lists[key] = CONSTANTS[key]
    for key in ("cap_bits", "cap_bits_v2"):
        lists[key] = CONSTANTS[key]["bits"]
    return lists


def handle_kind(text):
    """The description's word for what a handle names."""
    if text and text.startswith("object "):
        return text.split()[1].lower()
    return text.replace(" ", "-") if text else None


def payload_text(payload):
    """The description's size attribute."""
    if payload["kind"] == "exact":
        return str(payload["dwords"])
    return payload.get("expr", payload["kind"])


def host_length_text(command):
    """The description's host-size attribute; None where it is the size itself."""
    rule = command["host_length"]
    kind = rule["kind"]
    if kind == "min":
        return f"at least {rule['min']}"
    if kind == "one_of":
        return "one of " + ", ".join(str(v) for v in rule["values"])
    if kind == "any":
        return "any"
    if kind == "formula":
        ignored = ", remainder ignored" if rule["remainder"] == "ignore" else ""
        return f"{rule['base']} + {rule['stride']}*n, n <= {rule['max_count']}{ignored}"
    if kind == "exact" and rule["value"] != command["payload"].get("dwords"):
        return f"exactly {rule['value']}"
    return None


def needs_text(needs):
    """The description's needs attribute."""
    parts = []
    if needs.get("cap"):
        parts.append(f"cap {needs['cap']}")
    if needs.get("cap_v2"):
        parts.append(f"cap_v2 {needs['cap_v2']}")
    if needs.get("host_feature_check_version"):
        parts.append(f"host_feature_check_version {needs['host_feature_check_version']}")
    if needs.get("video"):
        parts.append("caps field num_video_caps")
    if "host_build" in needs:
        word = needs["host_build"].split()[0]
        parts.append("host built with " + {"ENABLE_VIDEO": "video", "ENABLE_GBM": "GBM"}[word])
    if needs.get("note"):
        parts.append(needs["note"])
    return "; ".join(parts) or None
