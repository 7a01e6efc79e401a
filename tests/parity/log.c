/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report.h"
#include "signature.h"

bool parity_log_open(struct parity_log *log, const char *folder, size_t index)
{
    char path[600];

    memset(log, 0, sizeof(*log));
    snprintf(log->folder, sizeof(log->folder), "%s", folder);
    log->index = index;
    snprintf(path, sizeof(path), "%s/examples", folder);
    mkdir(path, 0777);
    snprintf(path, sizeof(path), "%s/crashes", folder);
    mkdir(path, 0777);
    snprintf(path, sizeof(path), "%s/%zu.txt", folder, index);
    log->file = fopen(path, "w");
    if (!log->file)
        perror(path);
    return log->file != NULL;
}

int parity_log_stderr(const struct parity_log *log)
{
    char path[600];
    int file;

    snprintf(path, sizeof(path), "%s/%zu.stderr", log->folder, log->index);
    file = open(path, O_RDWR | O_CREAT | O_TRUNC | O_APPEND, 0666);
    return file < 0 ? file : dup2(file, STDERR_FILENO);
}

/* The packets of the seed up to the place, then the stream: alone it means nothing. */
static void save(struct parity_log *log, const char *kind, const struct parity_seed *seed,
                 size_t at, const struct parity_case *tried)
{
    char path[800];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s/%s-%zu-%" PRIu64 "-%s.dwords", log->folder, kind,
             seed->name, at, log->streams,
             parity_command_at(tried->stream.dwords, tried->stream.length, tried->host.packet));
    file = fopen(path, "wb");
    if (!file)
        return;
    fwrite(seed->dwords, sizeof(uint32_t), at, file);
    fwrite(tried->stream.dwords, sizeof(uint32_t), tried->stream.length, file);
    fclose(file);
}

/* Whether a signature has no example yet, and there is room for one. */
static bool wants_example(struct parity_log *log, const char *signature)
{
    uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */

    for (; *signature; signature++)
        hash = (hash ^ (uint8_t)*signature) * UINT64_C(1099511628211);
    for (size_t i = 0; i < log->saved_count; i++) {
        if (log->saved[i] == hash)
            return false;
    }
    if (log->saved_count == PARITY_EXAMPLES)
        return false;
    log->saved[log->saved_count++] = hash;
    return true;
}

static void count(struct parity_log *log, enum parity_verdict verdict)
{
    log->streams++;
    switch (verdict) {
    case PARITY_ACCEPTED:
        log->accepted++;
        break;
    case PARITY_CRASHED:
        log->crashed++;
        break;
    case PARITY_HUNG:
        log->hung++;
        break;
    default:
        log->refused++;
    }
}

void parity_log_case(struct parity_log *log, const struct parity_seed *seed, size_t at,
                     const struct parity_case *tried)
{
    char text[PARITY_SIGNATURE];

    count(log, tried->host.verdict);
    parity_coverage_case(&log->coverage, tried);
    if (tried->host.verdict >= PARITY_CRASHED) {
        save(log, "crashes", seed, at, tried);
        return;
    }
    if (parity_agree(&tried->host, &tried->check))
        return;
    log->differing++;
    parity_signature(text, tried->stream.dwords, tried->stream.length, &tried->host, &tried->check);
    fprintf(log->file, "%s\t%s %zu stream %" PRIu64 " host %u check %u\n", text, seed->name, at,
            log->streams, tried->host.packet, tried->check.packet);
    if (wants_example(log, text))
        save(log, "examples", seed, at, tried);
}

void parity_log_seed(struct parity_log *log, const struct parity_seed *seed, size_t at,
                     const struct parity_result *host, const struct parity_judgement *check)
{
    char text[PARITY_SIGNATURE];

    log->differing++;
    parity_signature(text, seed->dwords + at, seed->length - at, host, check);
    fprintf(log->file, "seed itself: %s\t%s %zu\n", text, seed->name, at);
}

bool parity_log_close(struct parity_log *log)
{
    fprintf(log->file,
            "= %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
            log->streams, log->accepted, log->refused, log->crashed, log->hung, log->differing);
    parity_coverage_write(&log->coverage, log->file);
    return fclose(log->file) == 0;
}
