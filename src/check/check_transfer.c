/* SPDX-License-Identifier: MIT */
#include "check_private.h"

#include "check_box.h"
#include <virglcmd/format.h>

/* Boxes, and the data that transfers read and write: with the host's own arithmetic. */

uint32_t vcmd_level_size(const struct vcmd_check_resource *is, uint32_t level, uint32_t axis)
{
    uint32_t size = axis == 0 ? is->width : axis == 1 ? is->height : is->depth;

    if (axis == 2 && is->target != VCMD_TEXTURE_3D)
        return is->array_size;
    size = size >> (level & 31); /* as the host's processor does */
    return size != 0 ? size : 1;
}

static int64_t signed_word(const struct vcmd_check *c, uint32_t dword)
{
    return (int32_t)vcmd_word(c, dword);
}

/* The host does not ask for negative layers in transfers: what it does then is anybody's guess. */
static void negative_layers(struct vcmd_check *c, const struct vcmd_box_place *place, int64_t at,
                            int64_t length)
{
    bool first = at < 0;

    if (first || length < 0)
        vcmd_report_limit(
            c, VCMD_DIAGNOSTIC_BOX_RANGE, place->loose_severity,
            vcmd_place(place->box + (first ? 2 : 5), place->names->part[first ? 2 : 5]),
            (uint64_t)(first ? at : length), VCMD_LIMIT_LEAST, 0);
}

static bool check_axis(struct vcmd_check *c, const struct vcmd_box_place *place, uint32_t axis,
                       const struct vcmd_check_resource *is)
{
    int64_t size = vcmd_level_size(is, vcmd_word(c, place->level), axis);
    int64_t at = signed_word(c, place->box + axis), length = signed_word(c, place->box + 3 + axis);
    int64_t low = at, high = at + length;
    bool at_fault;

    if (place->comes_round &&
        vcmd_comes_round(vcmd_word(c, place->box + axis), vcmd_word(c, place->box + 3 + axis))) {
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_BOX_RANGE, VCMD_SEVERITY_GARBAGE,
                          vcmd_place(place->box + axis, place->names->part[axis]), (uint64_t)at,
                          VCMD_LIMIT_MOST, (uint64_t)size);
        return true;
    }
    if (place->flips && length < 0) {
        low = high;
        high = at;
    }
    if (place->loose && axis == 2 && at <= size && length <= size && high <= size &&
        (length >= 0 || is->target != VCMD_TEXTURE_3D)) {
        negative_layers(c, place, at, length);
        return true;
    }
    if (low >= 0 && high <= size && (length >= 0 || place->flips))
        return true;
    at_fault = at < 0 || at > size;
    vcmd_report_limit(
        c, VCMD_DIAGNOSTIC_BOX_RANGE, place->severity,
        vcmd_place(place->box + (at_fault ? axis : 3 + axis),
                   place->names->part[at_fault ? axis : 3 + axis]),
        (uint64_t)(at_fault ? at : length),
        at < 0 || (!at_fault && length < 0) ? VCMD_LIMIT_LEAST : VCMD_LIMIT_MOST,
        at < 0 || (!at_fault && length < 0) ? 0 : (uint64_t)(at_fault ? size : size - at));
    return false;
}

bool vcmd_check_box(struct vcmd_check *c, const struct vcmd_box_place *place,
                    const struct vcmd_check_resource *is)
{
    uint32_t level = vcmd_word(c, place->level);

    if (place->signed_level ? (int32_t)level > (int32_t)is->last_level : level > is->last_level) {
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_LEVEL_RANGE, place->severity,
                          vcmd_place(place->level, place->names->level), level, VCMD_LIMIT_MOST,
                          is->last_level);
        return false;
    }
    for (uint32_t axis = 0; axis < 3; axis++) {
        if (!check_axis(c, place, axis, is))
            return false;
    }
    return true;
}

/* ---- data ---- */

struct data {
    uint64_t offset, size; /* bytes of memory, and where the box begins in it */
    struct vcmd_place place;
};

static uint32_t blocks(uint32_t texels, uint32_t block)
{
    return block != 0 ? (texels + block - 1) / block : texels;
}

static uint32_t at_least_one(uint32_t value)
{
    return (int32_t)value > 0 ? value : 1;
}

/* False: a stride is too small. */
static bool strides_are_good(struct vcmd_check *c, const struct vcmd_check_resource *is,
                             const struct vcmd_format_info *format, uint32_t *stride,
                             uint32_t *layer_stride)
{
    uint32_t bytes = format->block_bits / 8, level = vcmd_word(c, 2);
    uint32_t row = blocks(vcmd_word(c, 9), format->block_width) * bytes;
    uint32_t layer;

    *stride = vcmd_word(c, 4);
    if (*stride != 0 && *stride < row) {
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_STRIDE_RANGE, VCMD_SEVERITY_REJECT,
                          vcmd_place(4, "stride"), *stride, VCMD_LIMIT_LEAST, row);
        return false;
    }
    if (*stride == 0)
        *stride = blocks(vcmd_level_size(is, level, 0), format->block_width) * bytes;
    layer = blocks(vcmd_word(c, 10), format->block_height) * *stride;
    *layer_stride = vcmd_word(c, 5);
    if (*layer_stride != 0 && *layer_stride < layer) {
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_STRIDE_RANGE, VCMD_SEVERITY_REJECT,
                          vcmd_place(5, "layer_stride"), *layer_stride, VCMD_LIMIT_LEAST, layer);
        return false;
    }
    if (*layer_stride == 0)
        *layer_stride = blocks(vcmd_level_size(is, level, 1), format->block_height) * *stride;
    return true;
}

static bool is_write(const struct vcmd_check *c)
{
    if (c->opcode == VCMD_CCMD_TRANSFER3D)
        return vcmd_word(c, 13) == VCMD_TRANSFER_TO_HOST;
    return c->opcode != VCMD_CCMD_COPY_TRANSFER3D ||
           (vcmd_word(c, 14) & VCMD_COPY_TRANSFER3D_FLAGS_READ_FROM_HOST) == 0;
}

/*
 * The host adds up in 32 bits, so that it takes far too much for little, and reads or writes beside
 * the data. But of a framebuffer it reads one layer, and where the backing is in one piece GL looks
 * whether that is too much (vrend_transfer_send_readpixels).
 */
static uint32_t severity_of_overflow(const struct vcmd_check *c,
                                     const struct vcmd_check_resource *is,
                                     const struct vcmd_format_info *format, uint32_t stride,
                                     const struct data *data)
{
    uint32_t bytes = format->block_bits / 8, row = stride - stride % bytes;
    uint64_t rows = (uint64_t)(at_least_one(vcmd_word(c, 10)) - 1) * row;
    uint64_t end = data->offset + rows + (uint64_t)at_least_one(vcmd_word(c, 9)) * bytes;

    return !is_write(c) && is->target != VCMD_BUFFER && vcmd_is_drawable(c, is->format) &&
                   end > data->size
               ? VCMD_SEVERITY_REJECT
               : VCMD_SEVERITY_GARBAGE;
}

/* The host counts the last row and layer only as far as the box goes. */
static void check_data(struct vcmd_check *c, const struct vcmd_check_resource *is,
                       const struct data *data)
{
    const struct vcmd_format_info *format = vcmd_format_info(is->format);
    uint32_t stride, layer_stride;
    uint64_t size;

    if (!format || format->block_bits == 0 ||
        !strides_are_good(c, is, format, &stride, &layer_stride))
        return;
    size = (uint64_t)(at_least_one(vcmd_word(c, 11)) - 1) * layer_stride;
    size += (uint64_t)(blocks(at_least_one(vcmd_word(c, 10)), format->block_height) - 1) * stride;
    size += (uint64_t)blocks(at_least_one(vcmd_word(c, 9)), format->block_width) *
            (format->block_bits / 8);
    if (data->offset + size > data->size)
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_DATA_RANGE,
                          data->offset + (uint32_t)size > data->size
                              ? VCMD_SEVERITY_REJECT
                              : severity_of_overflow(c, is, format, stride, data),
                          data->place, data->offset + size, VCMD_LIMIT_END, data->size);
}

static bool is_of_blocks(const struct vcmd_format_info *format)
{
    return format && format->layout >= VCMD_LAYOUT_S3TC && format->layout <= VCMD_LAYOUT_FXT1;
}

/*
 * What the host copies before GL gets it has depth 1, where it does not count layers: blocks, depth
 * that it scales, and what it turns around (vrend_renderer_transfer_write_iov, core profile).
 */
static bool has_one_layer(struct vcmd_check *c, const struct vcmd_check_resource *is)
{
    bool copied = is_of_blocks(vcmd_format_info(is->format)) ||
                  is->format == VCMD_FORMAT_Z24X8_UNORM || (is->flags & VCMD_RESOURCE_Y_0_TOP) != 0;

    if (!copied || !is_write(c) || vcmd_word(c, 11) == 1 || is->target == VCMD_BUFFER ||
        is->target == VCMD_TEXTURE_3D || is->target > VCMD_TEXTURE_1D_ARRAY)
        return true;
    vcmd_report_limit(c, VCMD_DIAGNOSTIC_BOX_RANGE, VCMD_SEVERITY_REJECT, vcmd_place(11, "box.d"),
                      vcmd_word(c, 11), VCMD_LIMIT_EXACT, 1);
    return false;
}

/* GL takes whole blocks of compressed formats only, but at the far edges. It gives all of them. */
static void check_blocks(struct vcmd_check *c, const struct vcmd_check_resource *is)
{
    static const char *const names[4] = {"box.x", "box.y", "box.w", "box.h"};
    const struct vcmd_format_info *format = vcmd_format_info(is->format);

    if (!has_one_layer(c, is) || !is_of_blocks(format))
        return;
    for (uint32_t axis = 0; axis < 2; axis++) {
        uint32_t block = axis == 0 ? format->block_width : format->block_height;
        uint32_t at = vcmd_word(c, 6 + axis), length = vcmd_word(c, 9 + axis);
        bool to_edge = at + length == vcmd_level_size(is, vcmd_word(c, 2), axis);
        bool at_fault = block != 0 && at % block != 0;

        if (block < 2 || (!at_fault && (to_edge || length % block == 0)))
            continue;
        vcmd_report_value(c, VCMD_DIAGNOSTIC_BOX_RANGE,
                          is_write(c) ? VCMD_SEVERITY_REJECT : VCMD_SEVERITY_GARBAGE,
                          vcmd_place((at_fault ? 6 : 9) + axis, names[at_fault ? axis : 2 + axis]),
                          at_fault ? at : length);
        return;
    }
}

/* GL wants some bytes of a buffer; of blocks the host gives it a layer for none. */
static uint32_t severity_of_empty(const struct vcmd_check *c, const struct vcmd_check_resource *is)
{
    if (is->target == VCMD_BUFFER)
        return vcmd_is_gl_buffer(is) && vcmd_word(c, 9) == 0 ? VCMD_SEVERITY_REJECT
                                                             : VCMD_SEVERITY_NEEDLESS;
    return is_write(c) && vcmd_word(c, 11) == 0 && vcmd_word(c, 9) != 0 && vcmd_word(c, 10) != 0 &&
                   is->target > VCMD_TEXTURE_1D_ARRAY && is_of_blocks(vcmd_format_info(is->format))
               ? VCMD_SEVERITY_REJECT
               : VCMD_SEVERITY_NEEDLESS;
}

/*
 * Layers below 0, or fewer than none. To flat textures and to the faces of cubes the host writes as
 * if they were not there, elsewhere GL refuses. It reads from a framebuffer, to which layer -1 is
 * all of them; what it cannot draw to it reads as a whole, and copies from in front of that
 * (vrend_renderer_transfer_send_iov).
 */
static uint32_t severity_of_negatives(const struct vcmd_check *c,
                                      const struct vcmd_check_resource *is)
{
    int64_t first = signed_word(c, 8), count = signed_word(c, 11);
    bool cube = is->target == VCMD_TEXTURE_CUBE, read = !is_write(c), good;

    if (is->target == VCMD_BUFFER)
        return VCMD_SEVERITY_GARBAGE;
    if (read && !vcmd_is_drawable(c, is->format))
        good = first >= 0 || (count <= 0 && !cube);
    else
        good = vcmd_is_flat(is->target) || (read ? first >= -1 : cube && first >= 0);
    return good ? VCMD_SEVERITY_GARBAGE : VCMD_SEVERITY_REJECT;
}

/* Everything that is the same for the three transfers in the stream. */
static void check_transfer(struct vcmd_check *c, const struct vcmd_check_resource *is,
                           const struct data *data)
{
    static const struct vcmd_box_names names = {
        "level", {"box.x", "box.y", "box.z", "box.w", "box.h", "box.d"}};
    struct vcmd_box_place box = {.names = &names,
                                 .level = 2,
                                 .box = 6,
                                 .severity = VCMD_SEVERITY_REJECT,
                                 .loose = true,
                                 .loose_severity = severity_of_negatives(c, is),
                                 .signed_level = true};
    bool empty = vcmd_word(c, 9) == 0 || vcmd_word(c, 10) == 0 || vcmd_word(c, 11) == 0;

    if (vcmd_word(c, 2) >> 31 != 0) /* negative for the host, which is not too high */
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_LEVEL_RANGE,
                          is->target == VCMD_BUFFER ? VCMD_SEVERITY_GARBAGE : VCMD_SEVERITY_REJECT,
                          vcmd_place(2, "level"), vcmd_word(c, 2), VCMD_LIMIT_MOST, is->last_level);
    if (!vcmd_check_box(c, &box, is))
        return;
    if (empty)
        vcmd_report(c, VCMD_DIAGNOSTIC_BOX_EMPTY, severity_of_empty(c, is));
    check_data(c, is, data);
    check_blocks(c, is);
    if (is->nr_samples > 1)
        vcmd_report_resource(c, VCMD_DIAGNOSTIC_TRANSFER_SAMPLES, VCMD_SEVERITY_REJECT,
                             vcmd_place(1, "res_handle"), vcmd_word(c, 1));
}

void vcmd_model_inline_write(struct vcmd_check *c)
{
    const struct vcmd_model_resource *resource;
    struct data data = {0, 4 * (uint64_t)(c->length - 11), vcmd_place(0, "length")};

    resource = vcmd_use_resource(c, vcmd_place(1, "res_handle"), vcmd_word(c, 1), VCMD_USE_ANY,
                                 VCMD_SEVERITY_REJECT);
    if (resource)
        check_transfer(c, &resource->is, &data);
}

void vcmd_packet_transfer(struct vcmd_check *c)
{
    uint32_t direction = vcmd_word(c, 13);

    if (direction != VCMD_TRANSFER_TO_HOST && direction != VCMD_TRANSFER_FROM_HOST)
        vcmd_report_value(c, VCMD_DIAGNOSTIC_DIRECTION, VCMD_SEVERITY_REJECT,
                          vcmd_place(13, "direction"), direction);
}

static bool has_backing(struct vcmd_check *c, const struct vcmd_model_resource *resource,
                        uint32_t dword, const char *field)
{
    if (resource->is.backing_size != 0)
        return true;
    vcmd_report_resource(c, VCMD_DIAGNOSTIC_RESOURCE_NO_BACKING, VCMD_SEVERITY_REJECT,
                         vcmd_place(dword, field), resource->id);
    return false;
}

void vcmd_model_transfer(struct vcmd_check *c)
{
    const struct vcmd_model_resource *resource;
    struct data data = {vcmd_word(c, 12), 0, vcmd_place(12, "data_offset")};

    resource = vcmd_use_resource(c, vcmd_place(1, "res_handle"), vcmd_word(c, 1), VCMD_USE_ANY,
                                 VCMD_SEVERITY_REJECT);
    if (!resource || !has_backing(c, resource, 1, "res_handle"))
        return;
    data.size = resource->is.backing_size;
    check_transfer(c, &resource->is, &data);
}

void vcmd_model_copy_transfer(struct vcmd_check *c)
{
    const struct vcmd_model_resource *resource, *staging;
    struct data data = {vcmd_word(c, 13), 0, vcmd_place(13, "src_offset")};

    staging = vcmd_use_resource(c, vcmd_place(12, "src_res_handle"), vcmd_word(c, 12), VCMD_USE_ANY,
                                VCMD_SEVERITY_REJECT);
    resource = vcmd_use_resource(c, vcmd_place(1, "dst_handle"), vcmd_word(c, 1), VCMD_USE_ANY,
                                 VCMD_SEVERITY_REJECT);
    if (!staging || !resource || !has_backing(c, staging, 12, "src_res_handle"))
        return;
    data.size = staging->is.backing_size;
    check_transfer(c, &resource->is, &data);
}

/* ---- resources that the stream itself talks about ---- */

void vcmd_model_set_type(struct vcmd_check *c)
{
    uint32_t entry;

    vcmd_use_resource(c, vcmd_place(1, "res_handle"), vcmd_word(c, 1), VCMD_USE_ANY,
                      VCMD_SEVERITY_REJECT);
    /* Other contexts may have the resource too: for them it stays what it is to the host. */
    if (c->result->rejected)
        return;
    entry = vcmd_model_find_resource(c->checker, vcmd_word(c, 1));
    if (entry != VCMD_HASH_NONE && vcmd_model_resource_at(c->checker, entry)->is.untyped) {
        struct vcmd_check_resource *is = &vcmd_model_resource_at(c->checker, entry)->is;

        is->target = VCMD_TEXTURE_2D;
        is->format = vcmd_word(c, 2);
        is->bind = vcmd_word(c, 3);
        is->width = vcmd_word(c, 4);
        is->height = vcmd_word(c, 5);
        is->depth = 1;
        is->array_size = 1;
        is->untyped = false;
    }
}

void vcmd_model_memory_info(struct vcmd_check *c)
{
    const struct vcmd_model_resource *resource;

    resource = vcmd_use_resource(c, vcmd_place(1, "res_handle"), vcmd_word(c, 1), VCMD_USE_BUFFER,
                                 VCMD_SEVERITY_ERROR);
    if (resource && resource->is.backing_size < 24)
        vcmd_report_resource(c, VCMD_DIAGNOSTIC_RESOURCE_NO_BACKING, VCMD_SEVERITY_GARBAGE,
                             vcmd_place(1, "res_handle"), resource->id);
}
