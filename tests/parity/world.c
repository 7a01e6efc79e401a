/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "world.h"
#include <virglcmd/virglcmd.h>

/* Above the handles that Mesa gives in a short program. */
#define FIRST_NUMBER 100000

void parity_world_begin(struct parity_world *world, const struct parity_resource *resources,
                        size_t count)
{
    memset(world, 0, sizeof(*world));
    world->resources = resources;
    world->resource_count = count;
    world->next = FIRST_NUMBER;
}

uint32_t parity_handle_types(uint8_t handle_kind)
{
    switch (handle_kind) {
    case VCMD_HANDLE_SURFACE:
        return 1u << VCMD_OBJECT_SURFACE | 1u << VCMD_OBJECT_MSAA_SURFACE;
    case VCMD_HANDLE_SAMPLER_VIEW:
        return 1u << VCMD_OBJECT_SAMPLER_VIEW;
    case VCMD_HANDLE_SAMPLER_STATE:
        return 1u << VCMD_OBJECT_SAMPLER_STATE;
    case VCMD_HANDLE_SHADER:
        return 1u << VCMD_OBJECT_SHADER;
    case VCMD_HANDLE_QUERY:
        return 1u << VCMD_OBJECT_QUERY;
    case VCMD_HANDLE_STREAMOUT_TARGET:
        return 1u << VCMD_OBJECT_STREAMOUT_TARGET;
    case VCMD_HANDLE_VIDEO_CODEC:
        return 1u << PARITY_VIDEO_CODEC;
    case VCMD_HANDLE_VIDEO_BUFFER:
        return 1u << PARITY_VIDEO_BUFFER;
    case VCMD_HANDLE_OBJECT:
        return (1u << PARITY_VIDEO_CODEC) - 1;
    default:
        return 0;
    }
}

const struct parity_object *parity_world_object(const struct parity_world *world, uint32_t types,
                                                struct parity_random *random)
{
    const struct parity_object *picked = NULL;
    uint32_t seen = 0;

    for (size_t i = 0; i < world->object_count; i++) {
        const struct parity_object *object = &world->objects[i];

        if (object->sub_context == world->sub_context && (types >> object->type & 1) != 0 &&
            parity_below(random, ++seen) == 0)
            picked = object;
    }
    return picked;
}

const struct parity_object *parity_world_find(const struct parity_world *world, uint32_t handle)
{
    for (size_t i = world->object_count; i-- > 0;) {
        const struct parity_object *object = &world->objects[i];

        if (object->sub_context == world->sub_context && object->handle == handle)
            return object;
    }
    return NULL;
}

/* Video objects have a name space of their own. */
static void remove_object(struct parity_world *world, uint32_t handle, bool video)
{
    for (size_t i = 0; i < world->object_count; i++) {
        const struct parity_object *object = &world->objects[i];

        if (object->sub_context != world->sub_context || object->handle != handle ||
            (object->type >= PARITY_VIDEO_CODEC) != video)
            continue;
        world->objects[i] = world->objects[--world->object_count];
        return;
    }
}

static void add_object(struct parity_world *world, uint32_t handle, uint8_t type, uint8_t stage)
{
    struct parity_object object = {world->sub_context, handle, type, stage};

    remove_object(world, handle, type >= PARITY_VIDEO_CODEC);
    if (world->object_count == PARITY_OBJECTS)
        world->object_count--;
    world->objects[world->object_count++] = object;
    if (handle >= world->next)
        world->next = handle + 1;
}

static void drop_sub_context(struct parity_world *world, uint32_t id)
{
    size_t left = 0;

    for (size_t i = 0; i < world->object_count; i++)
        if (world->objects[i].sub_context != id)
            world->objects[left++] = world->objects[i];
    world->object_count = left;
    for (size_t i = 0; i < world->sub_context_count; i++)
        if (world->sub_contexts[i] == id)
            world->sub_contexts[i] = world->sub_contexts[--world->sub_context_count];
    if (world->sub_context == id)
        world->sub_context = 0;
}

static bool has_sub_context(const struct parity_world *world, uint32_t id)
{
    bool found = id == 0;

    for (size_t i = 0; i < world->sub_context_count; i++)
        found = found || world->sub_contexts[i] == id;
    return found;
}

/* One that exists cannot be created, and only one that exists selected: the host ignores both. */
static void see_sub_context(struct parity_world *world, uint32_t opcode, uint32_t id)
{
    bool known = has_sub_context(world, id);

    if (opcode == VCMD_CCMD_DESTROY_SUB_CTX && id != 0) {
        drop_sub_context(world, id);
    } else if (opcode == VCMD_CCMD_SET_SUB_CTX && known) {
        world->sub_context = id;
    } else if (opcode == VCMD_CCMD_CREATE_SUB_CTX && !known) {
        if (world->sub_context_count < PARITY_SUB_CONTEXTS)
            world->sub_contexts[world->sub_context_count++] = id;
        world->sub_context = id;
        if (id >= world->next)
            world->next = id + 1;
    }
}

void parity_world_see(struct parity_world *world, const uint32_t *packet, size_t length)
{
    uint32_t header = vcmd_le32(packet[0]);
    uint32_t opcode = header & 0xff;
    uint32_t first = length > 1 ? vcmd_le32(packet[1]) : 0;
    uint32_t second = length > 2 ? vcmd_le32(packet[2]) : 0;

    switch (opcode) {
    case VCMD_CCMD_CREATE_OBJECT:
        if ((header >> 8 & 0xff) < PARITY_VIDEO_CODEC)
            add_object(world, first, (uint8_t)(header >> 8), (uint8_t)second);
        break;
    case VCMD_CCMD_DESTROY_OBJECT:
        remove_object(world, first, false);
        break;
    case VCMD_CCMD_CREATE_VIDEO_CODEC:
        add_object(world, first, PARITY_VIDEO_CODEC, 0);
        break;
    case VCMD_CCMD_CREATE_VIDEO_BUFFER:
        add_object(world, first, PARITY_VIDEO_BUFFER, 0);
        break;
    case VCMD_CCMD_DESTROY_VIDEO_CODEC:
    case VCMD_CCMD_DESTROY_VIDEO_BUFFER:
        remove_object(world, first, true);
        break;
    default:
        see_sub_context(world, opcode, first);
    }
}
