/* SPDX-License-Identifier: MIT */
#ifndef VCMD_CONTROL_DECODE_H
#define VCMD_CONTROL_DECODE_H

#include <virglcmd/status.h>

/* Fills error, unless it is NULL, and returns status. */
enum vcmd_status vcmd_ctrl_refuse(struct vcmd_error *error, enum vcmd_status status,
                                  const char *command, const char *field, uint64_t value,
                                  uint64_t limit);

/* Whether the input has the fixed part of a structure. */
enum vcmd_status vcmd_ctrl_check_size(const void *bytes, size_t size, const char *command,
                                      size_t fixed, struct vcmd_error *error);

/* Whether what follows the fixed part has as many elements as the count in it says. */
enum vcmd_status vcmd_ctrl_check_tail(size_t tail_size, const char *command,
                                      const char *count_field, uint32_t count, size_t element_size,
                                      struct vcmd_error *error);

#endif
