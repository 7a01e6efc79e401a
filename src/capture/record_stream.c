/* SPDX-License-Identifier: MIT */
#include <zlib.h>

#include <virglcmd/decode.h>
#include <virglcmd/enums.h>

#include "record_private.h"

/* ---- buffers that the host leaves in guest memory ---- */

/* Once a submit is enough: the host begins to read when all of it has been written. */
static void write_guest_kept(struct recorder *recorder, uint32_t id,
                             struct recorded_resource *resource)
{
    const struct vcmd_capture_rows rows = {
        .row_bytes = (uint32_t)resource->desc.backing_size, .rows = 1, .layers = 1};
    unsigned long checksum;

    if (!resource->memory || resource->desc.backing_size > UINT32_MAX ||
        resource->last_submit == recorder->num_submits)
        return;
    resource->last_submit = recorder->num_submits;
    checksum = crc32(0, resource->memory, (uInt)resource->desc.backing_size);
    if (resource->memory_known && checksum == resource->checksum)
        return;
    resource->memory_known = true;
    resource->checksum = checksum;
    recorder_check(recorder,
                   vcmd_capture_write_memory(recorder->writer, id, VCMD_CAPTURE_BY_GUEST, &rows,
                                             resource->memory, resource->desc.backing_size));
}

/* For each handle of a resource in a packet. */
static bool visit_field(void *user, const struct vcmd_field *field)
{
    struct recorder *recorder = user;

    if (field->handle != VCMD_HANDLE_RESOURCE)
        return true;
    for (size_t i = 0; i < field->count; i++) {
        uint64_t id = vcmd_field_value(field, i);
        struct recorded_resource *resource = capture_id_find(&recorder->resources, id);

        if (resource && resource->guest_kept)
            write_guest_kept(recorder, (uint32_t)id, resource);
    }
    return true;
}

/* ---- transfers in the stream ---- */

/* box lies in `shape`, its bytes in the memory of `id`. */
static void write_box(struct recorder *recorder, uint32_t id, uint32_t shape,
                      const struct vcmd_transfer *transfer)
{
    const struct recorded_resource *resource = capture_id_find(&recorder->resources, id);
    const struct recorded_resource *shaped = capture_id_find(&recorder->resources, shape);
    struct vcmd_capture_rows rows;

    /* What is wrong here is for the host to refuse. */
    if (!resource || !shaped || !resource->memory || resource->guest_kept)
        return;
    if (vcmd_capture_rows_of_transfer(&shaped->desc, transfer, &rows) != VCMD_STATUS_OK ||
        vcmd_capture_rows_end(&rows) > resource->desc.backing_size)
        return;
    recorder_check(recorder,
                   vcmd_capture_write_memory(recorder->writer, id, VCMD_CAPTURE_BY_GUEST, &rows,
                                             resource->memory, resource->desc.backing_size));
}

static void write_transfer(struct recorder *recorder, const struct vcmd_transfer3d *args)
{
    const struct vcmd_transfer transfer = {args->box, args->level, args->stride, args->layer_stride,
                                           args->data_offset};

    if (args->direction == VCMD_TRANSFER_TO_HOST)
        write_box(recorder, args->res_handle, args->res_handle, &transfer);
}

static void write_copy(struct recorder *recorder, const struct vcmd_copy_transfer3d *args)
{
    const struct vcmd_transfer transfer = {args->box, args->level, args->stride, args->layer_stride,
                                           args->src_offset};

    if (!args->flags.read_from_host)
        write_box(recorder, args->src_res_handle, args->dst_handle, &transfer);
}

/* ---- streams ---- */

static uint32_t opcode_of(uint32_t header)
{
    return header & 0xff;
}

static bool is_transfer(uint32_t opcode)
{
    return opcode == VCMD_CCMD_TRANSFER3D || opcode == VCMD_CCMD_COPY_TRANSFER3D;
}

void recorder_write_memory_of_stream(struct recorder *recorder, const struct vcmd_buffer *buf)
{
    const uint32_t *dwords = vcmd_buffer_stream(buf);
    uint64_t scratch[VCMD_DECODER_SCRATCH / sizeof(uint64_t)];
    struct vcmd_decoder decoder;
    struct vcmd_packet packet;

    recorder->num_submits++;
    vcmd_decoder_init(&decoder, dwords, buf->length, scratch, sizeof(scratch));
    while (decoder.position < buf->length) {
        size_t at = decoder.position;
        uint32_t header = vcmd_le32(dwords[at]);

        if (recorder->num_guest_kept > 0)
            vcmd_visit_packet(dwords + at, buf->length - at, visit_field, recorder, NULL);
        /* Few packets are worth decoding. */
        if (!is_transfer(opcode_of(header))) {
            decoder.position += 1 + (header >> 16);
            continue;
        }
        if (vcmd_decode_next(&decoder, &packet) != VCMD_STATUS_OK)
            continue;
        if (packet.kind == VCMD_PACKET_TRANSFER3D)
            write_transfer(recorder, &packet.transfer3d);
        else if (packet.kind == VCMD_PACKET_COPY_TRANSFER3D)
            write_copy(recorder, &packet.copy_transfer3d);
    }
}
