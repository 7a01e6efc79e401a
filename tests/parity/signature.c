/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include <virglcmd/decode.h>

#include "signature.h"

bool parity_agree(const struct parity_result *host, const struct parity_judgement *check)
{
    if (host->verdict != check->verdict)
        return false;
    return host->verdict == PARITY_ACCEPTED || host->packet == check->packet;
}

const char *parity_command_at(const uint32_t *dwords, size_t length, uint32_t packet)
{
    uint64_t scratch[VCMD_DECODER_SCRATCH / 8];
    struct vcmd_decoder decoder;
    struct vcmd_packet decoded = {0};

    vcmd_decoder_init(&decoder, dwords, length, scratch, sizeof(scratch));
    for (uint32_t i = 0; i <= packet; i++) {
        if (!vcmd_decoder_more(&decoder))
            return "(end)";
        vcmd_decode_next(&decoder, &decoded);
    }
    return vcmd_packet_kind_name(decoded.kind);
}

/*
 * "vrend_draw_vbo: context error reported 1 "parity" Illegal shader 7" and "GL_INVALID_VALUE in
 * glBindBufferRange(size=12)" have the numbers of this stream in them. Without them, and without
 * what stands in each line, the cause is left.
 */
static void cause(char *text, size_t size, const char *reason)
{
    static const char start[] = "context error reported";
    static const char end[] = "\"parity\" ";
    const char *from = strstr(reason, start);
    const char *to = from ? strstr(from, end) : NULL;
    size_t at = 0;

    for (; *reason && at + 1 < size; reason++) {
        if (reason == from && to)
            reason = to + sizeof(end) - 1;
        if (!isdigit((unsigned char)*reason))
            text[at++] = *reason;
    }
    while (at > 0 && strchr(" -:", text[at - 1]))
        at--;
    text[at] = '\0';
}

void parity_signature(char text[PARITY_SIGNATURE], const uint32_t *dwords, size_t length,
                      const struct parity_result *host, const struct parity_judgement *check)
{
    char reason[sizeof(host->reason)];
    int at;

    cause(reason, sizeof(reason), host->verdict == PARITY_ACCEPTED ? "" : host->reason);
    at = snprintf(text, PARITY_SIGNATURE, "host %s", parity_verdict_name(host->verdict));
    if (host->verdict != PARITY_ACCEPTED)
        at += snprintf(text + at, PARITY_SIGNATURE - (size_t)at, " %s %.90s",
                       parity_command_at(dwords, length, host->packet), reason);
    at += snprintf(text + at, PARITY_SIGNATURE - (size_t)at, "; check %s",
                   parity_verdict_name(check->verdict));
    if (check->verdict != PARITY_ACCEPTED) {
        const char *where = check->packet == host->packet  ? "there"
                            : check->packet < host->packet ? "before"
                                                           : "later";

        snprintf(text + at, PARITY_SIGNATURE - (size_t)at, " %s %s %s", where,
                 parity_command_at(dwords, length, check->packet), check->code);
    }
}
