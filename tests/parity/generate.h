/* SPDX-License-Identifier: MIT */
#ifndef PARITY_GENERATE_H
#define PARITY_GENERATE_H

#include "world.h"

/*
 * Valid packets at random, from the descriptor table alone: whatever a packet of that kind may have
 * as counts, enumerations, flags, ranges, floats, text.
 *
 * With a world its handles are those of what is there, of the right kind, and what the table does
 * not know is chosen so that hosts take it mostly: boxes inside of resources, shaders that compile
 * (fit.c). Without one they are any numbers that the table allows.
 */

/*
 * Writes a packet of a kind into room dwords, in the byte order of the wire. Returns its dwords; 0:
 * it has not found one that fits.
 */
size_t parity_generate(enum vcmd_packet_kind kind, const struct parity_world *world,
                       struct parity_random *random, uint32_t *to, size_t room);

/*
 * Writes a stream of so many packets, or fewer when there is no more room: chains of objects that
 * are created, bound, used and destroyed, and other packets between. world is left as the stream
 * leaves it. Returns its dwords.
 */
size_t parity_generate_stream(struct parity_world *world, struct parity_random *random,
                              uint32_t packets, uint32_t *to, size_t room);

#endif
