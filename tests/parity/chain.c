/* SPDX-License-Identifier: MIT */
/* Streams of generated packets: what makes an object comes before what uses it. */
#include "../../src/decode/table.h"
#include "generate.h"
#include <virglcmd/virglcmd.h>

/* The release that the verdicts are compared with: newer commands are only an error to it. */
#define RELEASE 1004

struct chain {
    struct parity_world *world;
    struct parity_random *random;
    uint32_t *to;
    size_t length, room;
    uint32_t left; /* packets */
};

typedef bool (*suits_fn)(const struct vcmd_layout *layout, uint32_t types);

/* Of the release. The last one is of none yet. */
static bool is_known(const struct vcmd_layout *layout, uint32_t types)
{
    (void)types;
    return layout->since <= RELEASE && layout->number != VCMD_CCMD_QUERY_GBM_FORMAT_MODIFIER;
}

/* Video, which drags its own objects along, is a small part of it. */
static bool is_common(const struct vcmd_layout *layout, uint32_t types)
{
    return is_known(layout, types) &&
           (layout->number < VCMD_CCMD_CREATE_VIDEO_CODEC || layout->number > VCMD_CCMD_END_FRAME);
}

static bool is_any(const struct vcmd_layout *layout, uint32_t types)
{
    (void)layout;
    (void)types;
    return true;
}

/* Any kind of packet that suits; VCMD_PACKET_UNKNOWN: there is none. */
static enum vcmd_packet_kind pick(struct chain *chain, suits_fn suits, uint32_t types)
{
    enum vcmd_packet_kind picked = VCMD_PACKET_UNKNOWN;
    uint32_t seen = 0;

    for (uint32_t kind = 1; kind < VCMD_PACKET_KIND_COUNT; kind++) {
        const struct vcmd_layout *layout = &vcmd_table_packets[kind];

        if ((suits == is_any || is_known(layout, 0)) && suits(layout, types) &&
            parity_below(chain->random, ++seen) == 0)
            picked = (enum vcmd_packet_kind)kind;
    }
    return picked;
}

/* ---- what a packet is to objects of some types, as bits ---- */

static uint32_t created_types(const struct vcmd_layout *layout)
{
    switch (layout->number) {
    case VCMD_CCMD_CREATE_OBJECT:
        return 1u << layout->object;
    case VCMD_CCMD_CREATE_VIDEO_CODEC:
        return 1u << PARITY_VIDEO_CODEC;
    case VCMD_CCMD_CREATE_VIDEO_BUFFER:
        return 1u << PARITY_VIDEO_BUFFER;
    default:
        return 0;
    }
}

static bool creates(const struct vcmd_layout *layout, uint32_t types)
{
    return (created_types(layout) & types) != 0;
}

/* Types that a handle in the packet stands for, but for what it creates or destroys. */
static uint32_t used_types(const struct vcmd_layout *layout, size_t item)
{
    uint8_t kind = vcmd_table_items[layout->first_item + item].handle;

    if (created_types(layout) != 0)
        return 0;
    if (layout->object < VCMD_OBJECT_ANY)
        return kind == VCMD_HANDLE_OBJECT ? 1u << layout->object : 0;
    return kind == VCMD_HANDLE_OBJECT ? 0 : parity_handle_types(kind);
}

static bool uses(const struct vcmd_layout *layout, uint32_t types)
{
    for (size_t i = 0; i < layout->items; i++)
        if ((used_types(layout, i) & types) != 0)
            return true;
    return false;
}

static bool destroys(const struct vcmd_layout *layout, uint32_t types)
{
    (void)types;
    return layout->number == VCMD_CCMD_DESTROY_OBJECT;
}

static bool works(const struct vcmd_layout *layout, uint32_t types)
{
    (void)types;
    return layout->number == VCMD_CCMD_DRAW_VBO || layout->number == VCMD_CCMD_CLEAR ||
           layout->number == VCMD_CCMD_LAUNCH_GRID || layout->number == VCMD_CCMD_BLIT;
}

/* ---- chains ---- */

static void emit(struct chain *chain, enum vcmd_packet_kind kind)
{
    uint32_t *packet = chain->to + chain->length;
    size_t length;

    if (kind == VCMD_PACKET_UNKNOWN || chain->left == 0)
        return;
    length =
        parity_generate(kind, chain->world, chain->random, packet, chain->room - chain->length);
    if (length == 0)
        return;
    parity_world_see(chain->world, packet, length);
    chain->length += length;
    chain->left--;
}

static void emit_any(struct chain *chain, suits_fn suits, uint32_t types);

/* Objects that a packet speaks of and that there are not. To create one needs resources only. */
static void emit_needs(struct chain *chain, const struct vcmd_layout *layout)
{
    for (size_t i = 0; i < layout->items; i++) {
        uint32_t types = used_types(layout, i);

        if (types != 0 && !parity_world_object(chain->world, types, chain->random))
            emit_any(chain, creates, types);
    }
}

static void emit_any(struct chain *chain, suits_fn suits, uint32_t types)
{
    enum vcmd_packet_kind kind = pick(chain, suits, types);

    if (kind != VCMD_PACKET_UNKNOWN && suits != creates)
        emit_needs(chain, &vcmd_table_packets[kind]);
    emit(chain, kind);
}

/* Created, used, worked with, and perhaps destroyed while it is still bound. */
static void emit_life(struct chain *chain)
{
    uint32_t types = UINT32_C(1) << (1 + parity_below(chain->random, VCMD_OBJECT_MSAA_SURFACE));

    emit_any(chain, creates, types);
    emit_any(chain, uses, types);
    if (parity_chance(chain->random, 60))
        emit_any(chain, works, 0);
    if (parity_chance(chain->random, 30))
        emit_any(chain, uses, types);
    if (parity_chance(chain->random, 50))
        emit_any(chain, destroys, 0);
}

size_t parity_generate_stream(struct parity_world *world, struct parity_random *random,
                              uint32_t packets, uint32_t *to, size_t room)
{
    struct chain chain = {world, random, to, 0, room, packets};

    /* Packets that cannot be made count, too: this comes to an end. */
    for (uint32_t i = 0; i < packets && chain.left != 0; i++) {
        uint32_t percent = parity_below(random, 100);

        if (parity_chance(random, 35))
            emit_life(&chain);
        else
            emit_any(&chain, percent < 90 ? is_common : percent < 98 ? is_known : is_any, 0);
    }
    return chain.length;
}
