/* SPDX-License-Identifier: MIT */
#ifndef TESTS_DRM_SCENE_H
#define TESTS_DRM_SCENE_H

/*
 * A program that uses all of the transport, in steps: each is one call of a public function, and
 * what it answered is kept with the system calls that it made. A step that lacks what an earlier
 * one should have made is left out.
 */

#include "drm_support.h"

#define SCENE_MAX_STEPS 128

struct scene_step {
    const char *text; /* the call, or what is done where there is no status */
    unsigned place;   /* the same in each run */
    enum vcmd_status status;
    unsigned first, end; /* its system calls are mock.trace[first] to [end - 1] */
};

struct scene {
    struct scene_step steps[SCENE_MAX_STEPS];
    size_t num_steps;

    unsigned round;
    unsigned calls; /* before this step */
    struct vcmd_device *device;
    struct vcmd_drm_info info;
    struct vcmd_context *contexts[3];
    struct vcmd_resource *resources[5];
    int dma_buf;
};

/* Plays it over the mock as it is set. The mock's log of calls starts with it. */
void scene_play(struct scene *scene, const char *options);

/* The step that makes the n-th call, from 0; NULL: none. */
const struct scene_step *scene_step_of(const struct scene *scene, unsigned call);

/* The same step of another run; NULL: it was left out there. */
const struct scene_step *scene_same_step(const struct scene *scene, const struct scene_step *step);

#endif
