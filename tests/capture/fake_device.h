/* SPDX-License-Identifier: MIT */
#ifndef TESTS_CAPTURE_FAKE_DEVICE_H
#define TESTS_CAPTURE_FAKE_DEVICE_H

#include <virglcmd/transport.h>

/*
 * A transport that does nothing and remembers in which order it was told to; with a knob for
 * failures. Transfers from the host fill the memory with 0x5a. One at a time.
 */
const struct vcmd_transport *fake_transport(void);

#define FAKE_CALLS 65536

struct fake_call {
    uint32_t type;    /* enum vcmd_capture_type of the record that is to tell of it */
    uint32_t id, id2; /* context, resource */
    uint32_t detail;  /* first dword of a submit, direction of a transfer */
};

/* Of the open device, or of the last one. */
extern struct fake_call fake_calls[FAKE_CALLS];
extern size_t fake_num_calls;

/* What these answer from now on; reset by opening. */
extern enum vcmd_status fake_submit_status, fake_create_status, fake_wait_status;

#endif
