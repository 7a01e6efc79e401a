/* SPDX-License-Identifier: MIT */
/* Transfers: no negative box; bind bits 2, 9, 10, 12, 13 and 23 have no meaning; 1 to 4 planes. */
#include "cases.h"

#define BIND_BITS 0xff7fc9fbu

static uint8_t bytes[16];
static struct vcmd_resource_inline_write_packet inline_write = {
    .res_handle = 1, .box = {.w = 8, .h = 1, .d = 1}, .data_size = 8, .data = bytes};
ENCODER(resource_inline_write_packet, "RESOURCE_INLINE_WRITE", inline_write, 1 + 11 + 2);
static struct vcmd_transfer3d transfer = {.res_handle = 1, .direction = 1};
ENCODER(transfer3d, "TRANSFER3D", transfer, 1 + 13);
static struct vcmd_end_transfers end_transfers = {5};
ENCODER(end_transfers, "END_TRANSFERS", end_transfers, 1 + 5);
static struct vcmd_copy_transfer3d copy = {.dst_handle = 1, .src_res_handle = 1};
ENCODER(copy_transfer3d, "COPY_TRANSFER3D", copy, 1 + 14);
static struct vcmd_pipe_resource_create create = {.target = 2, .format = 1};
ENCODER(pipe_resource_create, "PIPE_RESOURCE_CREATE", create, 1 + 11);
static struct vcmd_plane planes[4];
static struct vcmd_pipe_resource_set_type set_type = {
    .res_handle = 1, .format = 1, .num_planes = 2, .planes = planes};
ENCODER(pipe_resource_set_type, "PIPE_RESOURCE_SET_TYPE", set_type, 1 + 8 + 2 * 2);
static struct vcmd_get_memory_info memory_info = {1};
ENCODER(get_memory_info, "GET_MEMORY_INFO", memory_info, 1 + 1);
static struct vcmd_get_pipe_resource_layout layout = {1, 2};
ENCODER(get_pipe_resource_layout, "GET_PIPE_RESOURCE_LAYOUT", layout, 1 + 2);
static struct vcmd_query_gbm_format_modifier modifiers = {1};
ENCODER(query_gbm_format_modifier, "QUERY_GBM_FORMAT_MODIFIER", modifiers, 1 + 1);

static struct vcmd_create_video_codec codec = {.handle = 1,
                                               .profile = 1,
                                               .entrypoint = 1,
                                               .width = 1,
                                               .height = 1,
                                               .max_ref_present = true,
                                               .max_references = 3};
ENCODER(create_video_codec, "CREATE_VIDEO_CODEC", codec, 1 + 8);
static struct vcmd_destroy_video_codec destroy_codec;
ENCODER(destroy_video_codec, "DESTROY_VIDEO_CODEC", destroy_codec, 1 + 1);
static uint32_t handles[3] = {1, 2, 3};
static struct vcmd_create_video_buffer picture = {1, 1, 1, 1, 2, handles};
ENCODER(create_video_buffer, "CREATE_VIDEO_BUFFER", picture, 1 + 4 + 2);
static struct vcmd_destroy_video_buffer destroy_picture;
ENCODER(destroy_video_buffer, "DESTROY_VIDEO_BUFFER", destroy_picture, 1 + 1);
static struct vcmd_begin_frame begin;
ENCODER(begin_frame, "BEGIN_FRAME", begin, 1 + 2);
static struct vcmd_decode_macroblock macroblock = {2};
ENCODER(decode_macroblock, "DECODE_MACROBLOCK", macroblock, 1 + 2);
static struct vcmd_decode_bitstream decode = {1, 1, 1, 1, 1};
ENCODER(decode_bitstream, "DECODE_BITSTREAM", decode, 1 + 5);
static struct vcmd_encode_bitstream encode = {1, 1, 1, 1, 1};
ENCODER(encode_bitstream, "ENCODE_BITSTREAM", encode, 1 + 5);
static struct vcmd_end_frame end;
ENCODER(end_frame, "END_FRAME", end, 1 + 2);

static const struct encoder *const encoders[] = {
    &encoder_resource_inline_write_packet,
    &encoder_transfer3d,
    &encoder_end_transfers,
    &encoder_copy_transfer3d,
    &encoder_pipe_resource_create,
    &encoder_pipe_resource_set_type,
    &encoder_get_memory_info,
    &encoder_get_pipe_resource_layout,
    &encoder_query_gbm_format_modifier,
    &encoder_create_video_codec,
    &encoder_destroy_video_codec,
    &encoder_create_video_buffer,
    &encoder_destroy_video_buffer,
    &encoder_begin_frame,
    &encoder_decode_macroblock,
    &encoder_decode_bitstream,
    &encoder_encode_bitstream,
    &encoder_end_frame,
};

#define BIND(encoder, args)                                                                        \
    RESERVED(encoder, (args).bind, 0x4, BIND_BITS, "bind", 0, 3),                                  \
        RESERVED(encoder, (args).bind, 0x3000, BIND_BITS, "bind", 0, 3),                           \
        RESERVED(encoder, (args).bind, 0x800000, BIND_BITS, "bind", 0, 3)

static const struct refusal refusals[] = {
    ZERO(resource_inline_write_packet, inline_write.res_handle, "res_handle", 1),
    BOX(resource_inline_write_packet, inline_write.box, "box", 6),
    /* A payload below 12 dwords is rejected. */
    REFUSE(resource_inline_write_packet, inline_write.data_size, 0, TOO_FEW, "data_size", 0, 1, 12,
           1),
    NULL_POINTER(resource_inline_write_packet, inline_write.data, "data", 12),

    ZERO(transfer3d, transfer.res_handle, "res_handle", 1),
    BOX(transfer3d, transfer.box, "box", 6),
    GAP(transfer3d, transfer.direction, 0, 2, "direction", 0, 13, 1),
    GAP(transfer3d, transfer.direction, 3, 2, "direction", 0, 13, 2),
    GAP(transfer3d, transfer.direction, 65, 2, "direction", 0, 13, 2),

    ZERO(copy_transfer3d, copy.dst_handle, "dst_handle", 1),
    BOX(copy_transfer3d, copy.box, "box", 6),
    ZERO(copy_transfer3d, copy.src_res_handle, "src_res_handle", 12),

    UNKNOWN(pipe_resource_create, create.target, 8, "target", 1),
    FORMAT(pipe_resource_create, create.format, "format", 0, 2),
    BIND(pipe_resource_create, create),
    RESERVED(pipe_resource_create, create.flags, 8, 7, "flags", 0, 10),

    ZERO(pipe_resource_set_type, set_type.res_handle, "res_handle", 1),
    FORMAT(pipe_resource_set_type, set_type.format, "format", 0, 2),
    BIND(pipe_resource_set_type, set_type),
    REFUSE(pipe_resource_set_type, set_type.num_planes, 0, TOO_FEW, "num_planes", 0, 1, 9, 1),
    TOO_MANY(pipe_resource_set_type, set_type.num_planes, 4, "num_planes", 9),
    NULL_POINTER(pipe_resource_set_type, set_type.planes, "planes", 9),

    ZERO(get_memory_info, memory_info.res_handle, "res_handle", 1),
    ZERO(get_pipe_resource_layout, layout.out_handle, "out_handle", 1),
    ZERO(get_pipe_resource_layout, layout.target_handle, "target_handle", 2),
    ZERO(query_gbm_format_modifier, modifiers.out_handle, "out_handle", 1),

    /* The host makes nothing of other profiles (1 to 25), entry points (1 to 4) and sizes of 0. */
    UNKNOWN(create_video_codec, codec.profile, 25, "profile", 2),
    UNKNOWN(create_video_codec, codec.entrypoint, 4, "entrypoint", 3),
    UNKNOWN(create_video_codec, codec.chroma_format, 4, "chroma_format", 4),
    ZERO(create_video_codec, codec.width, "width", 6),
    ZERO(create_video_codec, codec.height, "height", 7),
    FORMAT(create_video_buffer, picture.format, "format", 0, 2),
    REFUSE(create_video_buffer, picture.format, 0, OUT_OF_RANGE, "format", 0, 1, 2, 1),
    ZERO(create_video_buffer, picture.width, "width", 3),
    ZERO(create_video_buffer, picture.height, "height", 4),
    REFUSE(create_video_buffer, picture.num_planes, 0, TOO_FEW, "num_planes", 0, 1, 5, 1),
    TOO_MANY(create_video_buffer, picture.num_planes, 3, "num_planes", 5),
    NULL_POINTER(create_video_buffer, picture.plane_res_handle, "plane_res_handle", 5),
    ZERO(decode_bitstream, decode.desc_handle, "desc_handle", 3),
    ZERO(decode_bitstream, decode.buf_handle, "buf_handle", 4),
    ZERO(encode_bitstream, encode.dest_handle, "dest_handle", 3),
    ZERO(encode_bitstream, encode.desc_handle, "desc_handle", 4),
    ZERO(encode_bitstream, encode.feed_handle, "feed_handle", 5),
};

const struct case_group transfer_cases = {encoders, ARRAY_SIZE(encoders), refusals,
                                          ARRAY_SIZE(refusals)};
