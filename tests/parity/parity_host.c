/* SPDX-License-Identifier: MIT */
/*
 * parity_host FOLDER...: what virglrenderer makes of the stream in each folder (see seed.h), a line
 * each.
 */
#define _DEFAULT_SOURCE

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host.h"

static int play_folder(const char *folder)
{
    struct parity_seed seed;
    struct parity_result result;

    if (!parity_seed_load(&seed, folder))
        return 2;
    if (!parity_host_open() || !parity_host_begin(&seed))
        return 2;
    parity_host_play(seed.dwords, seed.length, NULL, &result);
    printf("%s: %s packet %u dword %u of %zu error %d: %s\n", seed.name,
           parity_verdict_name(result.verdict), result.packet, result.dword, seed.length,
           result.error, result.reason);
    fflush(stdout);
    parity_seed_free(&seed);
    return result.verdict == PARITY_ACCEPTED ? 0 : 1;
}

/* In a child: a stream that crashes the host takes nobody else with it. */
static int play_in_child(const char *folder)
{
    pid_t child;
    int status = 0;

    fflush(stdout);
    child = fork();
    if (child == 0) {
        alarm(60);
        _exit(play_folder(folder));
    }
    if (child < 0 || waitpid(child, &status, 0) != child) {
        fprintf(stderr, "parity_host: cannot start a process\n");
        return 2;
    }
    if (WIFEXITED(status))
        return WEXITSTATUS(status);
    printf("%s: crashed, signal %d\n", folder, WTERMSIG(status));
    return 1;
}

int main(int argc, char **argv)
{
    int worst = 0;

    if (argc < 2) {
        fprintf(stderr, "use: parity_host FOLDER...\n");
        return 2;
    }
    for (int i = 1; i < argc; i++) {
        int result = play_in_child(argv[i]);

        worst = result > worst ? result : worst;
    }
    return worst;
}
