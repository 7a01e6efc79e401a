/* SPDX-License-Identifier: MIT */

/*
 * Translation of streams, against a model of what a host does with sub-contexts: after each stream
 * every other packet must have reached the sub-context that the program meant.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "subcontexts.h"

enum { SET = 28, CREATE = 29, DESTROY = 30, OTHER = 41 }; /* of the protocol */
#define PACKET(command) (1u << 16 | (command))
/* A packet that means the current sub-context. What it does is of no matter here. */
#define MARK(value) (1u << 16 | OTHER), (value)

/* ---- the host ---- */

#define MAX_SUBS 32

struct host {
    uint32_t ids[MAX_SUBS]; /* [0] is 0 */
    uint32_t marks[MAX_SUBS];
    size_t num, current;
    uint32_t bytes[256];
    size_t num_dwords, pieces;
};

static size_t find(const struct host *host, uint32_t id)
{
    for (size_t i = 0; i < host->num; i++) {
        if (host->ids[i] == id)
            return i;
    }
    return MAX_SUBS;
}

static void execute(struct host *host, uint32_t command, uint32_t value)
{
    size_t known = find(host, value);

    if (command == CREATE && known == MAX_SUBS) {
        assert_true(host->num < MAX_SUBS);
        host->ids[host->num] = value;
        host->marks[host->num] = 0;
        host->current = host->num++;
    } else if (command == SET && known < MAX_SUBS) {
        host->current = known;
    } else if (command == DESTROY && value != 0 && known < MAX_SUBS) {
        if (host->current == known)
            host->current = 0;
        host->ids[known] = UINT32_MAX - (uint32_t)known; /* never looked for again */
    } else if (command == OTHER) {
        host->marks[host->current] = value;
    }
}

static enum vcmd_status receive(void *user, const uint32_t *dwords, size_t num_dwords)
{
    struct host *host = user;

    assert_true(num_dwords > 0);
    host->pieces++;
    assert_true(host->num_dwords + num_dwords <= 256);
    memcpy(host->bytes + host->num_dwords, dwords, num_dwords * 4);
    host->num_dwords += num_dwords;
    for (size_t at = 0; at + 1 < num_dwords; at += 1 + (dwords[at] >> 16))
        execute(host, dwords[at] & 0xff, dwords[at + 1]);
    return VCMD_STATUS_OK;
}

static void send(struct vtest_subcontexts *subs, struct host *host, uint32_t context,
                 const uint32_t *dwords, size_t num_dwords)
{
    host->num_dwords = host->pieces = 0;
    assert_int_equal(vtest_subcontexts_translate(subs, context, dwords, num_dwords, receive, host),
                     VCMD_STATUS_OK);
}

#define SEND(context, ...)                                                                         \
    do {                                                                                           \
        const uint32_t stream[] = {__VA_ARGS__};                                                   \
        send(&subs, &host, context, stream, sizeof(stream) / sizeof(stream[0]));                   \
    } while (0)

/* ---- tests ---- */

static void one_context_is_left_alone(void **state)
{
    struct vtest_subcontexts subs = {0};
    struct host host = {.num = 1};
    const uint32_t stream[] = {PACKET(CREATE), 1, PACKET(SET), 1,           MARK(5),
                               PACKET(CREATE), 9, MARK(6),     PACKET(SET), 1,
                               MARK(7)};

    (void)state;
    vtest_subcontexts_add(&subs, 1);
    send(&subs, &host, 1, stream, sizeof(stream) / 4);
    assert_int_equal(host.pieces, 1);
    assert_int_equal(host.num_dwords, sizeof(stream) / 4);
    assert_memory_equal(host.bytes, stream, sizeof(stream));
    assert_int_equal(host.marks[find(&host, 1)], 7);
    assert_int_equal(host.marks[find(&host, 9)], 6);
    vtest_subcontexts_clear(&subs);
}

static void two_contexts_with_the_same_numbers(void **state)
{
    struct vtest_subcontexts subs = {0};
    struct host host = {.num = 1};

    (void)state;
    vtest_subcontexts_add(&subs, 1);
    vtest_subcontexts_add(&subs, 2);
    SEND(1, PACKET(CREATE), 1, PACKET(SET), 1, MARK(11));
    SEND(2, PACKET(CREATE), 1, PACKET(SET), 1, MARK(21));
    assert_int_equal(host.num, 3);
    assert_int_equal(host.marks[1], 11);
    assert_int_equal(host.marks[2], 21);
    /* Each goes on where it was. */
    SEND(1, MARK(12));
    SEND(2, MARK(22));
    SEND(2, MARK(23));
    assert_int_equal(host.pieces, 1); /* still the current one: nothing in front */
    assert_int_equal(host.marks[1], 12);
    assert_int_equal(host.marks[2], 23);
    vtest_subcontexts_clear(&subs);
}

/* Sub-context 0 is there from the beginning, and each context has its own. */
static void the_one_that_nobody_created(void **state)
{
    struct vtest_subcontexts subs = {0};
    struct host host = {.num = 1};

    (void)state;
    vtest_subcontexts_add(&subs, 1);
    vtest_subcontexts_add(&subs, 2);
    SEND(1, MARK(10));
    SEND(2, MARK(20), PACKET(CREATE), 4, MARK(24), PACKET(SET), 0, MARK(25));
    SEND(1, MARK(11));
    assert_int_equal(host.marks[0], 0); /* of the host: left alone */
    assert_int_equal(host.marks[1], 11);
    assert_int_equal(host.marks[2], 25);
    assert_int_equal(host.marks[3], 24);
    /* Creating 0, or destroying it, does nothing. */
    SEND(2, PACKET(CREATE), 0, PACKET(DESTROY), 0, MARK(26));
    assert_int_equal(host.marks[2], 26);
    /* SET 0 as the first thing of a third one. */
    vtest_subcontexts_add(&subs, 3);
    SEND(3, PACKET(SET), 0, MARK(30));
    assert_int_equal(host.marks[4], 30);
    vtest_subcontexts_clear(&subs);
}

static void destroying(void **state)
{
    struct vtest_subcontexts subs = {0};
    struct host host = {.num = 1};

    (void)state;
    vtest_subcontexts_add(&subs, 1);
    vtest_subcontexts_add(&subs, 2);
    SEND(2, PACKET(CREATE), 1, MARK(21));
    SEND(1, PACKET(CREATE), 1, MARK(11), PACKET(DESTROY), 1, MARK(10));
    assert_int_equal(host.marks[1], 21); /* not the other's */
    assert_int_equal(host.marks[2], 11);
    assert_int_equal(host.marks[3], 10); /* 0 of context 1 */
    /* Unknown ones change nothing, whatever the other context calls its own. */
    SEND(1, PACKET(SET), 77, MARK(12), PACKET(DESTROY), 77, MARK(13));
    assert_int_equal(host.marks[3], 13);
    /* All that is left of it goes. */
    host.num_dwords = 0;
    assert_int_equal(vtest_subcontexts_remove(&subs, 2, receive, &host), VCMD_STATUS_OK);
    assert_int_equal(host.num_dwords, 2);
    assert_int_equal(find(&host, 1), MAX_SUBS);
    SEND(1, MARK(14));
    assert_int_equal(host.marks[3], 14);
    vtest_subcontexts_clear(&subs);
}

/* A stream that does not add up reaches the host as it is, for the host to refuse. */
static void cut_streams(void **state)
{
    struct vtest_subcontexts subs = {0};
    struct host host = {.num = 1};
    const uint32_t stream[] = {PACKET(CREATE), 3, 5u << 16 | OTHER, 1};

    (void)state;
    vtest_subcontexts_add(&subs, 1);
    send(&subs, &host, 1, stream, 4);
    assert_int_equal(host.num_dwords, 4);
    assert_memory_equal(host.bytes, stream, sizeof(stream));
    vtest_subcontexts_clear(&subs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_context_is_left_alone),
        cmocka_unit_test(two_contexts_with_the_same_numbers),
        cmocka_unit_test(the_one_that_nobody_created),
        cmocka_unit_test(destroying),
        cmocka_unit_test(cut_streams),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
