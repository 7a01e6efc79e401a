/* SPDX-License-Identifier: MIT */
/* What the descriptor table does not know of valid packets: which values go together. */
#include <string.h>

#include "maker.h"
#include "texts.h"
#include <virglcmd/virglcmd.h>

/* ---- single values ---- */

/* Numbers without a rule that are of use only when small: most, by the end of the name. */
static const struct {
    const char *name;
    uint32_t least, most;
} small_numbers[] = {
    {"count", 0, 6},
    {"start", 0, 3},
    {"instance_count", 0, 2},
    {"index_bias", 0, 1},
    {"start_instance", 0, 0},
    {"count_from_so", 0, 0},
    {"vertices_per_patch", 3, 3},
    {"drawid", 0, 1},
    {"draw_count", 0, 1},
    {"draw_count_offset", 0, 0},
    {"block", 1, 4},
    {"grid", 1, 3},
    {"min_samples", 1, 4},
    {"nr_samples", 0, 1},
    {"continuation", 0, 0},
    {"num_tokens", 300, 400},
    {"req_local_mem", 0, 16},
    {"so_info_num_outputs", 0, 1}, /* shaders that put out what they have not crash the host */
    {"so_info_stride", 4, 4},
    {"register_index", 0, 0},
    {"start_component", 0, 0},
    {"num_components", 1, 4},
    {"output_buffer", 0, 0},
    {"dst_offset", 0, 0},
    {"stream", 0, 0},
    {"instance_divisor", 0, 1},
    {"src_offset", 0, 16},
    {"vertex_buffer_index", 0, 3},
    {"index", 0, 3},
    {"start_slot", 0, 3},
    {"stride", 0, 16},
    {"layers", 0, 2},
    {"samples", 0, 4},
    {"max_references", 0, 4},
    {"blob_id", 1, 1000},
    {"array_size", 1, 1},
    {"depth", 1, 1},
    {"last_level", 0, 0},
    {"width", 1, 64},
    {"height", 1, 64},
    {"usage", 0, 0},
    {"dst_x", 0, 1},
    {"dst_y", 0, 1},
    {"layer_stride", 0, 0},
    {"layer_offset", 0, 0},
    {"level_size", 0, 0},
    {"data_offset", 0, 0},
    {"sub_ctx_id", 0, 0},
};

static const char *last_word(const char *name)
{
    const char *dot = strrchr(name, '.');

    return dot ? dot + 1 : name;
}

static bool small_number(const struct parity_maker *maker, const struct vcmd_item *item,
                         uint64_t *value)
{
    const char *name = vcmd_table_name(item->name);

    for (size_t i = 0; i < sizeof(small_numbers) / sizeof(small_numbers[0]); i++) {
        uint32_t least = small_numbers[i].least;

        if (strcmp(small_numbers[i].name, name) != 0 &&
            strcmp(small_numbers[i].name, last_word(name)) != 0)
            continue;
        *value = least + parity_below(maker->random, small_numbers[i].most - least + 1);
        return parity_allows(item, *value);
    }
    return false;
}

/* Creations name something new, or now and then what is there, which they replace. */
static uint32_t new_handle(const struct parity_maker *maker, uint32_t types)
{
    const struct parity_object *old = NULL;

    if (parity_chance(maker->random, 10))
        old = parity_world_object(maker->world, types, maker->random);
    return old ? old->handle : maker->world->next;
}

static bool is_creation(const struct vcmd_layout *layout)
{
    return layout->number == VCMD_CCMD_CREATE_OBJECT ||
           layout->number == VCMD_CCMD_CREATE_VIDEO_CODEC ||
           layout->number == VCMD_CCMD_CREATE_VIDEO_BUFFER;
}

/* LINK_SHADER names the stages. */
static int stage_of(const char *name)
{
    static const char *const stages[] = {"vs_", "fs_", "gs_", "tcs_", "tes_", "cs_"};

    for (int i = 0; i < 6; i++)
        if (strncmp(name, stages[i], strlen(stages[i])) == 0)
            return i;
    return -1;
}

/* In a few tries one of the stage wanted; 0 unbinds, or is none. */
static uint32_t a_shader(const struct parity_maker *maker, int stage)
{
    for (int i = 0; i < 8; i++) {
        const struct parity_object *shader =
            parity_world_object(maker->world, 1u << VCMD_OBJECT_SHADER, maker->random);

        if (shader && (stage < 0 || shader->stage == stage))
            return shader->handle;
    }
    return 0;
}

static uint32_t an_object(const struct parity_maker *maker, const struct vcmd_item *item)
{
    const struct vcmd_layout *layout = maker->layout;
    uint32_t types = parity_handle_types(item->handle);
    const struct parity_object *object;

    if (layout->object < VCMD_OBJECT_ANY)
        types = 1u << layout->object;
    if (is_creation(layout) && item->place == 4)
        return new_handle(maker, types);
    if (item->handle == VCMD_HANDLE_SHADER)
        return a_shader(maker, stage_of(vcmd_table_name(item->name)));
    if (parity_allows(item, 0) && parity_chance(maker->random, 10))
        return 0;
    object = parity_world_object(maker->world, types, maker->random);
    return object ? object->handle : 0;
}

static uint32_t a_sub_context(const struct parity_maker *maker)
{
    const struct parity_world *world = maker->world;

    if (maker->layout->number == VCMD_CCMD_CREATE_SUB_CTX)
        return world->next;
    if (world->sub_context_count == 0 || parity_chance(maker->random, 30))
        return 0;
    return world->sub_contexts[parity_below(maker->random, (uint32_t)world->sub_context_count)];
}

/* Any resource; which, is decided when the rest of its part is known. */
bool parity_fit_value(const struct parity_maker *maker, const struct vcmd_item *item,
                      uint64_t *value)
{
    const char *name = vcmd_table_name(item->name);

    if (item->handle == VCMD_HANDLE_RESOURCE && maker->world->resource_count != 0) {
        uint32_t any = parity_below(maker->random, (uint32_t)maker->world->resource_count);

        *value = maker->world->resources[any].handle;
    } else if (item->handle != VCMD_HANDLE_NONE) {
        *value = an_object(maker, item);
    } else if (strcmp(name, "sub_ctx_id") == 0) {
        *value = a_sub_context(maker);
    } else {
        return (item->is_count || maker->layout->object == VCMD_OBJECT_SHADER ||
                parity_chance(maker->random, 96)) &&
               small_number(maker, item, value);
    }
    return parity_allows(item, *value);
}

/* ---- resources and what is said about them ---- */

/* The part of a packet that speaks of one resource: names with the same beginning. */
struct about {
    struct parity_maker *maker;
    const struct vcmd_part *part;
    size_t base;
    const char *prefix; /* "dst." of "dst.res_handle" */
    size_t prefix_length;
    const struct parity_resource *is;
    const struct vcmd_format_info *format; /* NULL: not known */
};

static const struct vcmd_item *find(const struct about *about, const char *name)
{
    const struct vcmd_item *items = &vcmd_table_items[about->part->first_item];

    for (size_t i = 0; i < about->part->items; i++) {
        const char *has = vcmd_table_name(items[i].name);

        if (strncmp(has, about->prefix, about->prefix_length) == 0 &&
            strcmp(has + about->prefix_length, name) == 0)
            return &items[i];
    }
    return NULL;
}

static uint32_t get(const struct about *about, const char *name)
{
    const struct vcmd_item *item = find(about, name);

    return item ? (uint32_t)parity_get(about->maker, item, about->base, 0) : 0;
}

static void set(const struct about *about, const char *name, uint32_t value)
{
    const struct vcmd_item *item = find(about, name);

    if (item && parity_allows(item, value & parity_item_mask(item)))
        parity_set(about->maker, item, about->base, 0, value);
}

/* From 0 to most. */
static uint32_t up_to(const struct about *about, uint32_t most)
{
    struct parity_random *random = about->maker->random;

    return parity_chance(random, 30) ? most : parity_below(random, most + 1);
}

static uint32_t level_size(uint32_t size, uint32_t level)
{
    size >>= level & 31;
    return size != 0 ? size : 1;
}

static uint32_t layers_of(const struct parity_resource *is, uint32_t level)
{
    return is->target == VCMD_TEXTURE_3D ? level_size(is->depth, level)
           : is->array_size != 0         ? is->array_size
                                         : 1;
}

static uint32_t block_bytes(const struct about *about)
{
    uint32_t bytes = about->format ? about->format->block_bits / 8u : 0;

    return bytes != 0 ? bytes : 1;
}

/* A position and a length, at most a few blocks, in size texels. */
static void fit_axis(const struct about *about, const char *at, const char *length, uint32_t size,
                     uint32_t block)
{
    uint32_t step = block != 0 ? block : 1;
    uint32_t first = up_to(about, (size - 1) / step) * step;
    uint32_t rest = size - first;
    uint32_t most = 8 * step;

    if (about->is->target == VCMD_BUFFER)
        first &= ~UINT32_C(3);
    set(about, at, first);
    set(about, length, rest < most ? rest : most);
}

static void fit_box(const struct about *about, bool with_box)
{
    const struct parity_resource *is = about->is;
    uint32_t level = get(about, "level");
    uint32_t block_width = about->format ? about->format->block_width : 1;
    uint32_t block_height = about->format ? about->format->block_height : 1;

    fit_axis(about, with_box ? "box.x" : "x", "box.w", level_size(is->width, level), block_width);
    fit_axis(about, with_box ? "box.y" : "y", "box.h", level_size(is->height, level), block_height);
    fit_axis(about, with_box ? "box.z" : "z", "box.d", layers_of(is, level), 1);
}

/* Rows one behind the other; a stride of 0 means that of the level. */
static void fit_strides(const struct about *about)
{
    uint32_t blocks = 1;
    uint32_t rows = 1;

    if (about->format && about->format->block_width != 0 && about->format->block_height != 0) {
        blocks =
            (get(about, "box.w") + about->format->block_width - 1) / about->format->block_width;
        rows =
            (get(about, "box.h") + about->format->block_height - 1) / about->format->block_height;
    }
    set(about, "stride", blocks * block_bytes(about));
    set(about, "layer_stride", blocks * block_bytes(about) * rows);
}

static void fit_levels(const struct about *about)
{
    const struct parity_resource *is = about->is;
    uint32_t level = up_to(about, is->last_level);
    uint32_t layers = layers_of(is, level);
    uint32_t layer = up_to(about, layers - 1);

    set(about, "level", level);
    set(about, "first_level", level);
    set(about, "last_level", level + up_to(about, is->last_level - level));
    set(about, "first_layer", layer);
    set(about, "last_layer", layer + up_to(about, layers - 1 - layer));
}

/* Parts of buffers: what graphics hardware wants aligned is aligned. */
static void fit_ranges(const struct about *about)
{
    uint32_t width = about->is->width;
    uint32_t offset = up_to(about, (width - 1) / 256) * 256;
    uint32_t texels = width / block_bytes(about);
    uint32_t texel = texels != 0 ? up_to(about, texels - 1) : 0;
    uint32_t rest = (width - offset) & ~UINT32_C(3);

    if (parity_chance(about->maker->random, 80))
        texel -= texel % 64;
    if (offset == 0 && rest == 0)
        rest = width;
    set(about, "offset", offset);
    set(about, "buffer_offset", offset);
    set(about, "indirect_offset", 0);
    set(about, "length", rest < 1024 ? rest : 1024);
    set(about, "buffer_size", rest);
    set(about, "first_element", texel);
    set(about, "last_element", texel + (texels != 0 ? up_to(about, texels - 1 - texel) : 0));
}

static void fit_formats(const struct about *about)
{
    if (parity_chance(about->maker->random, 85))
        set(about, "format", about->is->format);
    set(about, "target", parity_chance(about->maker->random, 50) ? about->is->target : 0);
}

static void fit_resource(const struct about *about)
{
    bool with_box = find(about, "box.x") != NULL;

    fit_levels(about);
    fit_formats(about);
    if (with_box || find(about, "x"))
        fit_box(about, with_box);
    if (with_box && find(about, "layer_stride"))
        fit_strides(about);
    else
        fit_ranges(about);
}

/* Whether the packet wants a buffer, a texture, or does not care: by what else it says. */
static bool suits(const struct about *about, const char *name, const struct parity_resource *is)
{
    static const char *const of_buffers[] = {"first_element", "buffer_offset", "buffer_size",
                                             "offset",        "length",        "index_size"};
    static const char *const of_textures[] = {"first_layer", "format"};
    bool buffer = is->target == VCMD_BUFFER;

    if (about->maker->layout->object == VCMD_OBJECT_QUERY)
        return buffer && is->bind == VCMD_BIND_CUSTOM;
    if (strcmp(name, "qbo_handle") == 0)
        return buffer && (is->bind & VCMD_BIND_QUERY_BUFFER) != 0;
    if (strncmp(name, "src_res", 7) == 0 || strncmp(name, "indirect", 8) == 0)
        return buffer;
    for (size_t i = 0; i < sizeof(of_buffers) / sizeof(of_buffers[0]); i++)
        if (find(about, of_buffers[i]))
            return buffer;
    for (size_t i = 0; i < sizeof(of_textures) / sizeof(of_textures[0]); i++)
        if (find(about, of_textures[i]))
            return !buffer;
    return !buffer || about->maker->layout->number != VCMD_CCMD_CLEAR_TEXTURE;
}

static const struct parity_resource *find_resource(const struct parity_world *world,
                                                   uint32_t handle)
{
    for (size_t i = 0; i < world->resource_count; i++)
        if (world->resources[i].handle == handle)
            return &world->resources[i];
    return NULL;
}

/* Mostly one that suits; for copies mostly the one that is written, which has the same format. */
static void pick_resource(struct about *about, const struct vcmd_item *handle, const char *name)
{
    const struct parity_world *world = about->maker->world;
    struct parity_random *random = about->maker->random;
    struct about dst = *about;
    const struct parity_resource *is = NULL;
    bool any = parity_chance(random, 4);

    dst.prefix = "dst.";
    dst.prefix_length = 4;
    if (strncmp(name, "src.", 4) == 0 && parity_chance(random, 70))
        is = find_resource(world, get(&dst, "res_handle"));
    for (int i = 0; !is && i < 32; i++) {
        is = &world->resources[parity_below(random, (uint32_t)world->resource_count)];
        if (!any && !suits(about, name, is))
            is = NULL;
    }
    about->is = is;
    about->format = is ? vcmd_format_info(is->format) : NULL;
    if (is)
        parity_set(about->maker, handle, about->base, 0, is->handle);
}

static void fit_handle(struct parity_maker *maker, const struct vcmd_part *part, size_t base,
                       const struct vcmd_item *handle)
{
    const char *name = vcmd_table_name(handle->name);
    struct about about = {.maker = maker, .part = part, .base = base, .prefix = name};

    about.prefix_length = (size_t)(last_word(name) - name);
    if (!parity_allows(handle, 1)) /* it can only be 0 */
        return;
    if (parity_allows(handle, 0) && parity_chance(maker->random, 15)) {
        parity_set(maker, handle, base, 0, 0);
        return;
    }
    pick_resource(&about, handle, name);
    /* The data of a transfer is behind its box, which is about the other one. */
    if (about.is && strncmp(name, "src_res", 7) == 0)
        set(&about, "src_offset", 0);
    else if (about.is)
        fit_resource(&about);
}

/* ---- shaders ---- */

static void fit_shader(const struct about *about)
{
    uint32_t number = about->maker->layout->number;

    if (number == VCMD_CCMD_BIND_SHADER) {
        const struct parity_object *shader =
            parity_world_find(about->maker->world, get(about, "handle"));

        if (shader)
            set(about, "type", shader->stage);
    } else if (number == VCMD_CCMD_CREATE_OBJECT) {
        set(about, "offlen", (uint32_t)strlen(parity_shader_text(get(about, "type"))) + 1);
    }
}

const uint8_t *parity_fit_bytes(struct parity_maker *maker, const struct vcmd_part *part,
                                size_t *bytes)
{
    struct about about = {.maker = maker, .prefix = "", .base = 0};
    const char *text;

    about.part = &vcmd_table_parts[maker->layout->first_part];
    if (maker->layout->object == VCMD_OBJECT_SHADER) {
        text = parity_shader_text(get(&about, "type"));
        *bytes = strlen(text) + 1;
        return (const uint8_t *)text;
    }
    if (part->count_item == 0 && find(&about, "layer_stride"))
        *bytes = (size_t)get(&about, "layer_stride") * get(&about, "box.d");
    return NULL;
}

/* A resource like one that there is: few combinations of all that there could be are good. */
static void fit_creation(struct about *about)
{
    const struct parity_world *world = about->maker->world;
    const struct parity_resource *is;

    if (world->resource_count == 0 || parity_chance(about->maker->random, 10))
        return;
    is = &world->resources[parity_below(about->maker->random, (uint32_t)world->resource_count)];
    set(about, "target", is->target);
    set(about, "format", is->format);
    set(about, "bind", is->bind);
    set(about, "width", is->width);
    set(about, "height", is->height);
    set(about, "depth", is->depth);
    set(about, "array_size", is->array_size);
    set(about, "last_level", is->last_level);
    set(about, "nr_samples", is->samples);
    set(about, "flags", 0);
}

static const uint32_t vertex_formats[] = {
    VCMD_FORMAT_R32_FLOAT, VCMD_FORMAT_R32G32_FLOAT, VCMD_FORMAT_R32G32B32_FLOAT,
    VCMD_FORMAT_R32G32B32A32_FLOAT, VCMD_FORMAT_R8G8B8A8_UNORM};

void parity_fit_part(struct parity_maker *maker, const struct vcmd_part *part, size_t base)
{
    const struct vcmd_item *items = &vcmd_table_items[part->first_item];
    struct about about = {.maker = maker, .part = part, .base = base, .prefix = ""};

    for (size_t i = 0; i < part->items; i++)
        if (items[i].handle == VCMD_HANDLE_RESOURCE && maker->world->resource_count != 0)
            fit_handle(maker, part, base, &items[i]);
    if (part->items != 0 && maker->layout->object == VCMD_OBJECT_VERTEX_ELEMENTS &&
        parity_chance(maker->random, 85)) {
        about.prefix = "elements.";
        about.prefix_length = 9;
        set(&about, "src_format", vertex_formats[parity_below(maker->random, 5)]);
    }
    if (maker->layout->number == VCMD_CCMD_PIPE_RESOURCE_CREATE)
        fit_creation(&about);
    fit_shader(&about);
}
