/* SPDX-License-Identifier: MIT */
#include "script.h"

#include <stdlib.h>
#include <string.h>

/*
 * Diagonal k holds the pairs (x, y) with x - y = k. After d edits furthest[k] is how far x gets on
 * it. trace keeps each step of that, for the way back: step d has the diagonals -d, -d+2, ..., d.
 */
#define DIAGONALS (2 * SCRIPT_MAX_EDITS + 3)
#define MIDDLE    (SCRIPT_MAX_EDITS + 1)
#define STEPS     (SCRIPT_MAX_EDITS + 1)

struct search {
    script_same_fn same;
    void *user;
    size_t a, b;         /* where this search begins */
    size_t num_a, num_b; /* ends of the sequences, as seen from there */
    size_t furthest[DIAGONALS];
    size_t trace[(size_t)STEPS * (STEPS + 1) / 2];
};

static size_t *step_of(struct search *search, size_t d)
{
    return search->trace + d * (d + 1) / 2;
}

/* ---- the list ---- */

static bool add(struct script *script, size_t a, size_t num_a, size_t b, size_t num_b)
{
    struct script_hunk *last = script->count ? &script->hunks[script->count - 1] : NULL;

    if (last && last->a + last->num_a == a && last->b + last->num_b == b) {
        last->num_a += num_a;
        last->num_b += num_b;
        return true;
    }
    if (script->count == script->capacity) {
        size_t capacity = script->capacity ? 2 * script->capacity : 64;
        struct script_hunk *larger = realloc(script->hunks, capacity * sizeof(*larger));

        if (!larger)
            return false;
        script->hunks = larger;
        script->capacity = capacity;
    }
    script->hunks[script->count++] = (struct script_hunk){a, num_a, b, num_b};
    return true;
}

/* ---- the search ---- */

/* How far step d gets on diagonal k: from above (an insertion) or from the left (a removal). */
static size_t advance(struct search *search, long d, long k)
{
    const size_t *v = search->furthest + MIDDLE;
    bool down = k == -d || (k != d && v[k - 1] < v[k + 1]);
    size_t x = down ? v[k + 1] : v[k - 1] + 1;

    while (x < search->num_a && (size_t)((long)x - k) < search->num_b &&
           search->same(search->user, search->a + x, search->b + (size_t)((long)x - k)))
        x++;
    return x;
}

/* A diagonal may leave the sequences; that is no way. */
static bool is_inside(const struct search *search, size_t x, long k)
{
    return x <= search->num_a && (long)x - k >= 0 && (size_t)((long)x - k) <= search->num_b;
}

struct end {
    long d, k;
};

/* Runs until both ends are reached or the edits are spent; then the pair that is furthest on. */
static struct end run(struct search *search)
{
    size_t *v = search->furthest + MIDDLE;
    struct end best = {0, 0};

    v[1] = 0;
    for (long d = 0; d <= SCRIPT_MAX_EDITS; d++) {
        size_t *step = step_of(search, (size_t)d);
        size_t most = 0;

        for (long k = -d; k <= d; k += 2) {
            v[k] = advance(search, d, k);
            step[(k + d) / 2] = v[k];
            if (!is_inside(search, v[k], k))
                continue;
            if (v[k] == search->num_a && (size_t)((long)v[k] - k) == search->num_b)
                return (struct end){d, k};
            if (2 * v[k] + (size_t)(MIDDLE - k) >= most) {
                most = 2 * v[k] + (size_t)(MIDDLE - k);
                best = (struct end){d, k};
            }
        }
    }
    return best;
}

/* The edits from the start of this search to its end, last first. */
static size_t walk_back(struct search *search, struct end end, struct script_hunk *edits)
{
    size_t count = 0;
    long k = end.k;

    for (long d = end.d; d > 0; d--) {
        const size_t *before = step_of(search, (size_t)(d - 1));
        /* Diagonal j of step d-1 is element (j + d - 1) / 2. */
        bool down =
            k == -d || (k != d && before[(k - 1 + d - 1) / 2] < before[(k + 1 + d - 1) / 2]);
        long from = down ? k + 1 : k - 1;
        size_t x = before[(from + d - 1) / 2];
        size_t y = (size_t)((long)x - from);

        edits[count++] =
            (struct script_hunk){search->a + x, down ? 0 : 1, search->b + y, down ? 1 : 0};
        k = from;
    }
    return count;
}

static bool make(struct script *script, struct search *search, struct script_hunk *edits)
{
    while (search->num_a > 0 || search->num_b > 0) {
        struct end end = run(search);
        size_t x = step_of(search, (size_t)end.d)[(end.k + end.d) / 2];
        size_t y = (size_t)((long)x - end.k);
        size_t count = walk_back(search, end, edits);

        while (count-- > 0) {
            if (!add(script, edits[count].a, edits[count].num_a, edits[count].b,
                     edits[count].num_b))
                return false;
        }
        search->a += x;
        search->b += y;
        search->num_a -= x;
        search->num_b -= y;
    }
    return true;
}

bool script_make(struct script *script, size_t num_a, size_t num_b, script_same_fn same, void *user)
{
    struct search *search = malloc(sizeof(*search));
    struct script_hunk *edits = malloc(SCRIPT_MAX_EDITS * sizeof(*edits));
    bool good = search && edits;

    *script = (struct script){NULL, 0, 0};
    if (good) {
        memset(search, 0, sizeof(*search));
        search->same = same;
        search->user = user;
        search->num_a = num_a;
        search->num_b = num_b;
        good = make(script, search, edits);
    }
    free(edits);
    free(search);
    return good;
}

void script_free(struct script *script)
{
    free(script->hunks);
    *script = (struct script){NULL, 0, 0};
}
