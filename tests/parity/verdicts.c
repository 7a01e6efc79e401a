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
    int verdict = 0;
    int reason = 0;
    uint32_t of = 0;

    memset(host, 0, sizeof(*host));
    if (!fgets(line, sizeof(line), verdicts->file) ||
        sscanf(line, "%" SCNx32 " %d %" SCNu32 " %" SCNu32 " %d%n", &of, &verdict, &host->packet,
               &host->dword, &host->error, &reason) != 5 ||
        of != hash(&tried->stream)) {
        fprintf(stderr, "the verdicts of the earlier run are about other streams\n");
        return false;
    }
    line[strcspn(line, "\n")] = '\0';
    host->verdict = (enum parity_verdict)verdict;
    snprintf(host->reason, sizeof(host->reason), "%s", line[reason] ? line + reason + 1 : "");
    return true;
}
