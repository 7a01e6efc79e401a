/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "verdicts.h"

/* FNV-1a, a dword at a time: tells whether a verdict is about this stream. */
static uint32_t hash(const struct parity_stream *stream)
{
    uint32_t value = 2166136261u;

    for (size_t i = 0; i < stream->length; i++)
        value = (value ^ stream->dwords[i]) * 16777619u;
    return value ^ (uint32_t)stream->length;
}

bool parity_verdicts_open(struct parity_verdicts *verdicts, const char *folder, size_t index,
                          const char *mode)
{
    char path[600];

    snprintf(path, sizeof(path), "%s/%zu.verdicts", folder, index);
    verdicts->file = fopen(path, mode);
    if (!verdicts->file)
        perror(path);
    return verdicts->file != NULL;
}

bool parity_verdicts_close(struct parity_verdicts *verdicts)
{
    return fclose(verdicts->file) == 0;
}

void parity_verdicts_write(struct parity_verdicts *verdicts, const struct parity_case *tried)
{
    const struct parity_result *host = &tried->host;

    fprintf(verdicts->file, "%08" PRIx32 " %d %" PRIu32 " %" PRIu32 " %d %s\n",
            hash(&tried->stream), (int)host->verdict, host->packet, host->dword, host->error,
            host->verdict == PARITY_ACCEPTED ? "" : host->reason);
}

bool parity_verdicts_read(struct parity_verdicts *verdicts, struct parity_case *tried)
{
    struct parity_result *host = &tried->host;
    char line[sizeof(host->reason) + 64];
    char *at = line;

    memset(host, 0, sizeof(*host));
    if (!fgets(line, sizeof(line), verdicts->file) ||
        strtoul(at, &at, 16) != hash(&tried->stream)) {
        fprintf(stderr, "the verdicts of the earlier run are about other streams\n");
        return false;
    }
    host->verdict = (enum parity_verdict)strtoul(at, &at, 10);
    host->packet = (uint32_t)strtoul(at, &at, 10);
    host->dword = (uint32_t)strtoul(at, &at, 10);
    host->error = (int)strtol(at, &at, 10);
    at[strcspn(at, "\n")] = '\0';
    snprintf(host->reason, sizeof(host->reason), "%s", *at ? at + 1 : "");
    return true;
}
