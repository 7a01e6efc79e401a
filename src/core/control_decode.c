/* SPDX-License-Identifier: MIT */
#include "control_decode.h"
#include "memory.h"

enum vcmd_status vcmd_ctrl_refuse(struct vcmd_error *error, enum vcmd_status status,
                                  const char *command, const char *field, uint64_t value,
                                  uint64_t limit)
{
    if (error != NULL) {
        memset(error, 0, sizeof(*error));
        error->status = status;
        error->command = command;
        error->field = field;
        error->value = value;
        error->limit = limit;
    }
    return status;
}

enum vcmd_status vcmd_ctrl_check_size(const void *bytes, size_t size, const char *command,
                                      size_t fixed, struct vcmd_error *error)
{
    if (bytes == NULL)
        return vcmd_ctrl_refuse(error, VCMD_STATUS_NULL_ARGUMENT, command, "bytes", 0, 0);
    if (size < fixed)
        return vcmd_ctrl_refuse(error, VCMD_STATUS_TRUNCATED, command, "size", size, fixed);
    return VCMD_STATUS_OK;
}

enum vcmd_status vcmd_ctrl_check_tail(size_t tail_size, const char *command,
                                      const char *count_field, uint32_t count, size_t element_size,
                                      struct vcmd_error *error)
{
    if (count > tail_size / element_size)
        return vcmd_ctrl_refuse(error, VCMD_STATUS_TRUNCATED, command, count_field, count,
                                tail_size / element_size);
    return VCMD_STATUS_OK;
}
