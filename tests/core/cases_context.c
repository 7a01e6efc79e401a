/* SPDX-License-Identifier: MIT */
/* Sub-contexts, debugging, and the functions that cut long things into packets. */
#include "cases.h"

static struct vcmd_nop nop = {5};
ENCODER(nop, "NOP", nop, 1 + 5);
static struct vcmd_set_sub_ctx set_sub_ctx;
ENCODER(set_sub_ctx, "SET_SUB_CTX", set_sub_ctx, 1 + 1);
static struct vcmd_create_sub_ctx create_sub_ctx;
ENCODER(create_sub_ctx, "CREATE_SUB_CTX", create_sub_ctx, 1 + 1);
static struct vcmd_destroy_sub_ctx destroy_sub_ctx;
ENCODER(destroy_sub_ctx, "DESTROY_SUB_CTX", destroy_sub_ctx, 1 + 1);
/* 9 characters and a NUL fill 3 dwords; one more, since some hosts drop the last. */
static struct vcmd_set_debug_flags debug_flags = {9, "guestdebug"};
ENCODER(set_debug_flags, "SET_DEBUG_FLAGS", debug_flags, 1 + 3 + 1);
static struct vcmd_set_tweaks tweaks;
ENCODER(set_tweaks, "SET_TWEAKS", tweaks, 1 + 2);
static struct vcmd_send_string_marker marker = {6, "marker"};
ENCODER(send_string_marker, "SEND_STRING_MARKER", marker, 1 + 1 + 2);

static struct vcmd_create_shader shader = {.handle = 1, .type = 1, .text = "FRAG"};
ENCODER(create_shader, "CREATE_OBJECT.SHADER", shader, 1 + 5 + 2);
static const uint8_t bytes[64];
static struct vcmd_resource_inline_write inline_write = {.res_handle = 1,
                                                         .format = VCMD_FORMAT_R8_UNORM,
                                                         .box = {.w = 8, .h = 1, .d = 1},
                                                         .data = bytes,
                                                         .data_size = sizeof(bytes)};
ENCODER(resource_inline_write, "RESOURCE_INLINE_WRITE", inline_write, 1 + 11 + 2);

static const struct encoder *const encoders[] = {
    &encoder_nop,
    &encoder_set_sub_ctx,
    &encoder_create_sub_ctx,
    &encoder_destroy_sub_ctx,
    &encoder_set_debug_flags,
    &encoder_set_tweaks,
    &encoder_send_string_marker,
    &encoder_create_shader,
    &encoder_resource_inline_write,
};

static const struct refusal refusals[] = {
    NULL_POINTER(set_debug_flags, debug_flags.flagstring, "flagstring", 1),
    UNKNOWN(set_tweaks, tweaks.id, 2, "id", 1),
    /* A payload of one dword is rejected. */
    REFUSE(send_string_marker, marker.string_length, 0, TOO_FEW, "string_length", 0, 1, 1, 1),
    NULL_POINTER(send_string_marker, marker.string, "string", 2),
    ZERO(create_shader, shader.handle, "handle", 1),
    UNKNOWN(create_shader, shader.type, 5, "type", 2),
    NULL_POINTER(create_shader, shader.text, "text", 6),
    REFUSE(create_shader, shader.req_local_mem, 1, OUT_OF_RANGE, "req_local_mem", 0, 0, 5, 0),
    ZERO(resource_inline_write, inline_write.res_handle, "res_handle", 1),
    NULL_POINTER(resource_inline_write, inline_write.data, "data", 12),
    REFUSE(resource_inline_write, inline_write.box.x, -1, OUT_OF_RANGE, "box.x", 0, 0, 6, 0),
    REFUSE(resource_inline_write, inline_write.box.y, -1, OUT_OF_RANGE, "box.y", 0, 0, 7, 0),
    REFUSE(resource_inline_write, inline_write.box.z, -1, OUT_OF_RANGE, "box.z", 0, 0, 8, 0),
    REFUSE(resource_inline_write, inline_write.box.w, 0, OUT_OF_RANGE, "box.w", 0, 1, 9, 1),
    REFUSE(resource_inline_write, inline_write.box.w, -1, OUT_OF_RANGE, "box.w", 0, 1, 9, 1),
    REFUSE(resource_inline_write, inline_write.box.h, 0, OUT_OF_RANGE, "box.h", 0, 1, 10, 8),
    REFUSE(resource_inline_write, inline_write.box.d, 0, OUT_OF_RANGE, "box.d", 0, 1, 11, 8),
};

const struct case_group context_cases = {encoders, ARRAY_SIZE(encoders), refusals,
                                         ARRAY_SIZE(refusals)};
