/* SPDX-License-Identifier: MIT */
#ifndef PARITY_SIGNATURE_H
#define PARITY_SIGNATURE_H

#include "judge.h"

/*
 * What two verdicts differ in, without the numbers of this very stream, so that differences of the
 * same cause have the same text:
 *
 *     host poisoned DRAW_VBO vrend_draw_vbo: Illegal shader; check accepted
 */
#define PARITY_SIGNATURE 256

/* Whether host and checker agree: both accept, or refuse the same packet in the same way. */
bool parity_agree(const struct parity_result *host, const struct parity_judgement *check);

/* The name of the command of packet number packet. */
const char *parity_command_at(const uint32_t *dwords, size_t length, uint32_t packet);

/* Describes it; dwords are the stream that both got. */
void parity_signature(char text[PARITY_SIGNATURE], const uint32_t *dwords, size_t length,
                      const struct parity_result *host, const struct parity_judgement *check);

#endif
