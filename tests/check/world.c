/* SPDX-License-Identifier: MIT */
#include "world.h"

#include <stdlib.h>
#include <string.h>

void world_tell(void *user, const struct vcmd_diagnostic *diagnostic)
{
    struct world *world = user;
    const struct vcmd_diagnostic_info *info = vcmd_diagnostic_info(diagnostic->code);

    /* Whatever is told stands in the registry. */
    assert_non_null(info);
    if ((info->severities >> diagnostic->severity & 1) == 0)
        fail_msg("%s is not known as \"%s\"", info->name,
                 vcmd_severity_string(diagnostic->severity));
    if (world->num_told < WORLD_TOLD)
        world->told[world->num_told++] = *diagnostic;
}

/* A resource, and the bytes of its backing memory. */
struct backed {
    struct vcmd_ctrl_resource_create_3d resource;
    uint64_t size;
};

static struct backed buffer_of(uint32_t bind, uint32_t width, uint64_t backing)
{
    struct backed buffer = {.resource = {.target = VCMD_BUFFER,
                                         .format = VCMD_FORMAT_R8_UNORM,
                                         .bind = bind,
                                         .width = width,
                                         .height = 1,
                                         .depth = 1,
                                         .array_size = 1},
                            .size = backing};

    return buffer;
}

static struct backed texture_of(uint32_t target, uint32_t width, uint32_t height, uint32_t depth)
{
    struct backed texture = {.resource = {.target = target,
                                          .format = VCMD_FORMAT_B8G8R8A8_UNORM,
                                          .bind = VCMD_BIND_SAMPLER_VIEW | VCMD_BIND_RENDER_TARGET,
                                          .width = width,
                                          .height = height,
                                          .depth = depth,
                                          .array_size = 1},
                             .size = (uint64_t)width * height * depth * 4};

    return texture;
}

static void add(struct world *world, uint32_t id, struct backed backed)
{
    backed.resource.resource_id = id;
    vcmd_checker_resource_create(world->checker, &backed.resource);
    vcmd_checker_set_backing(world->checker, id, backed.size);
    if (id != DETACHED)
        vcmd_checker_attach(world->checker, CONTEXT, id);
}

static void add_resources(struct world *world)
{
    struct backed levels = texture_of(VCMD_TEXTURE_2D, 64, 32, 1);
    struct backed samples = levels, few_samples = levels;

    levels.resource.last_level = 2;
    levels.size *= 2;
    samples.resource.nr_samples = 4;
    few_samples.resource.nr_samples = 2;
    add(world, VERTICES, buffer_of(VCMD_BIND_VERTEX_BUFFER, 256, 256));
    add(world, INDICES, buffer_of(VCMD_BIND_INDEX_BUFFER, 256, 256));
    add(world, CONSTANTS, buffer_of(VCMD_BIND_CONSTANT_BUFFER, 256, 256));
    add(world, RESULTS, buffer_of(VCMD_BIND_CUSTOM, 16, 16));
    add(world, BARE, buffer_of(VCMD_BIND_VERTEX_BUFFER, 256, 0));
    add(world, STAGING, buffer_of(VCMD_BIND_STAGING, 8192, 8192));
    add(world, DETACHED, buffer_of(VCMD_BIND_VERTEX_BUFFER, 256, 256));
    add(world, TEXTURE, levels);
    add(world, SAMPLES, samples);
    add(world, FEW_SAMPLES, few_samples);
    add(world, VOLUME, texture_of(VCMD_TEXTURE_3D, 16, 16, 16));
}

void world_begin(struct world *world, const struct vcmd_check_limits *limits,
                 const struct vcmd_caps *caps)
{
    struct vcmd_checker_desc desc;
    size_t size;

    memset(world, 0, sizeof(*world));
    memset(&desc, 0, sizeof(desc));
    if (limits)
        desc.limits = *limits;
    desc.check.fn = world_tell;
    desc.check.user = world;
    desc.check.caps = caps;
    desc.seed = 12345;
    size = vcmd_checker_size(&desc.limits);
    assert_true(size > 0);
    world->memory = malloc(size + 1);
    assert_non_null(world->memory);
    assert_int_equal(vcmd_checker_init(world->memory, size, &desc, &world->checker),
                     VCMD_STATUS_OK);
    vcmd_checker_context_create(world->checker, CONTEXT);
    if (!limits)
        add_resources(world);
}

void world_end(struct world *world)
{
    free(world->memory);
}

void world_packet(struct world *world, uint32_t opcode, uint32_t object, const uint32_t *payload,
                  size_t count)
{
    assert_true(world->length + 1 + count <= WORLD_DWORDS);
    world->dwords[world->length++] = vcmd_le32(opcode | object << 8 | (uint32_t)(count << 16));
    for (size_t i = 0; i < count; i++)
        world->dwords[world->length++] = vcmd_le32(payload[i]);
}

void world_shader(struct world *world, uint32_t handle, uint32_t stage, const char *text,
                  uint32_t announced)
{
    uint32_t payload[64] = {handle, stage, announced, 300, 0};
    size_t size = strlen(text) + 1;

    assert_true(size <= sizeof(payload) - 20);
    if (announced == 0)
        payload[2] = (uint32_t)size;
    for (size_t i = 0; i < size; i++)
        payload[5 + i / 4] |= (uint32_t)(uint8_t)text[i] << i % 4 * 8;
    world_packet(world, VCMD_CCMD_CREATE_OBJECT, VCMD_OBJECT_SHADER, payload, 5 + (size + 3) / 4);
}

void world_submit(struct world *world)
{
    assert_int_equal(
        vcmd_checker_submit(world->checker, CONTEXT, world->dwords, world->length, &world->result),
        VCMD_STATUS_OK);
    world->length = 0;
}

/* A diagnostic beside the fields of its packet. */
struct reading {
    const struct vcmd_diagnostic *diagnostic;
    bool found, same;
};

static bool compare(void *user, const struct vcmd_field *field)
{
    struct reading *reading = user;
    const struct vcmd_diagnostic *d = reading->diagnostic;
    size_t element = field->is_array && d->has_index ? d->index : 0;

    if (strcmp(field->name, d->field) != 0 || element >= field->count ||
        (field->place + element * field->width) / 4 != d->dword)
        return true;
    reading->found = true;
    reading->same = vcmd_field_value(field, element) == d->value;
    return false;
}

bool world_values_are_true(const struct world *world, size_t *seen)
{
    for (size_t i = 0; i < world->num_told; i++) {
        const struct vcmd_diagnostic *d = &world->told[i];
        const uint32_t *packet = world->dwords + d->offset;
        struct reading reading = {.diagnostic = d};

        if (!d->field || d->packet == VCMD_NO_PACKET || d->limit_kind == VCMD_LIMIT_END)
            continue;
        vcmd_visit_packet(packet, (vcmd_le32(*packet) >> 16) + 1, compare, &reading, NULL);
        if (reading.found && !reading.same)
            return false;
        *seen += reading.found;
    }
    return true;
}

void world_scene(struct world *world)
{
    PACKET(world, CREATE_OBJECT, VCMD_OBJECT_VERTEX_ELEMENTS, ELEMENTS, 0, 0, 0,
           VCMD_FORMAT_R32G32B32A32_FLOAT);
    PACKET(world, BIND_OBJECT, VCMD_OBJECT_VERTEX_ELEMENTS, ELEMENTS);
    world_shader(world, VERTEX, VCMD_SHADER_VERTEX, "VERT\nEND\n", 0);
    world_shader(world, FRAGMENT, VCMD_SHADER_FRAGMENT, "FRAG\nEND\n", 0);
    PACKET(world, BIND_SHADER, 0, VERTEX, VCMD_SHADER_VERTEX);
    PACKET(world, BIND_SHADER, 0, FRAGMENT, VCMD_SHADER_FRAGMENT);
    PACKET(world, CREATE_OBJECT, VCMD_OBJECT_SURFACE, SURFACE, TEXTURE, VCMD_FORMAT_B8G8R8A8_UNORM,
           0, 0);
    PACKET(world, SET_FRAMEBUFFER_STATE, 0, 1, 0, SURFACE);
    PACKET(world, SET_VERTEX_BUFFERS, 0, 16, 0, VERTICES);
    PACKET(world, SET_INDEX_BUFFER, 0, INDICES, 2, 0);
    PACKET(world, CREATE_OBJECT, VCMD_OBJECT_SAMPLER_STATE, SAMPLER, 0, 0, 0, 0, 0, 0, 0, 0);
    PACKET(world, CREATE_OBJECT, VCMD_OBJECT_SAMPLER_VIEW, VIEW, TEXTURE,
           VCMD_FORMAT_B8G8R8A8_UNORM, 0, 0, 0x688);
    PACKET(world, CREATE_OBJECT, VCMD_OBJECT_BLEND, BLEND, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    PACKET(world, CREATE_OBJECT, VCMD_OBJECT_QUERY, QUERY, VCMD_QUERY_OCCLUSION_COUNTER, 0,
           RESULTS);
    world_submit(world);
    assert_int_equal(world->num_told, 0);
}

size_t world_count(const struct world *world, uint32_t code)
{
    size_t count = 0;

    for (size_t i = 0; i < world->num_told; i++)
        count += world->told[i].code == code ? 1 : 0;
    return count;
}

const struct vcmd_diagnostic *world_find(const struct world *world, uint32_t code)
{
    for (size_t i = 0; i < world->num_told; i++) {
        if (world->told[i].code == code)
            return &world->told[i];
    }
    return NULL;
}
