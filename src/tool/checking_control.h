/* SPDX-License-Identifier: MIT */
#ifndef TOOL_CHECKING_CONTROL_H
#define TOOL_CHECKING_CONTROL_H

#include <virglcmd/capture.h>
#include <virglcmd/check.h>
#include <virglcmd/control.h>

/* Whether the device answered a raw request with an error: then it changed nothing. */
bool checking_control_failed(const struct vcmd_capture_control *control);

/*
 * Tells the checker what a request has done to contexts and resources; nothing when it is about
 * something else. SUBMIT_3D is the caller's. false: memory entries that cannot be read.
 */
bool checking_control(struct vcmd_checker *checker, const struct vcmd_ctrl_request *request);

#endif
