/* SPDX-License-Identifier: MIT */
#ifndef TESTS_CHECK_RULES_H
#define TESTS_CHECK_RULES_H

#include "world.h"

/*
 * Every code of the registry with every severity that it has there: a stream that provokes it, and
 * one beside it that does not. The streams are made by hand; what the host does with them is read
 * in its source (virglrenderer 0.10.4, vrend_decode.c and vrend_renderer.c). The cases are in
 * rules_SUBJECT.c.
 */
struct rule_case {
    uint32_t code;
    uint32_t severity;
    uint32_t dword; /* of the field that the diagnostic names */
    void (*make)(struct world *w, bool bad);

    /* Takes from a capset with everything what the bad stream needs; NULL: there is no capset. */
    void (*take)(struct vcmd_caps *caps);
};

struct rule_group {
    const struct rule_case *cases;
    size_t count;
};

extern const struct rule_group blits_rules, caps_rules, drawing_rules, objects_rules, packets_rules,
    shaders_rules, views_rules;

#define REJECT   VCMD_SEVERITY_REJECT
#define ERROR    VCMD_SEVERITY_ERROR
#define IGNORED  VCMD_SEVERITY_IGNORED
#define GARBAGE  VCMD_SEVERITY_GARBAGE
#define NEEDLESS VCMD_SEVERITY_NEEDLESS
#define NOTE     VCMD_SEVERITY_NOTE
#define CASE(code, severity, dword, make)                                                          \
    {                                                                                              \
        VCMD_DIAGNOSTIC_##code, severity, dword, make, NULL                                        \
    }

#define CAPS_CASE(code, severity, dword, make, take)                                               \
    {                                                                                              \
        VCMD_DIAGNOSTIC_##code, severity, dword, make, take                                        \
    }

#define DRAW(w, count, mode, indexed)                                                              \
    PACKET(w, DRAW_VBO, 0, 0, count, mode, indexed, 1, 0, 0, 0, 0, 0, 0xffffffff, 0)

#endif
