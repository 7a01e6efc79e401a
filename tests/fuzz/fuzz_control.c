/* SPDX-License-Identifier: MIT */
#include "fuzz.h"

/* Any bytes as a control request and as a response. */

static bool read_field(void *user, const struct vcmd_field *field)
{
    uint64_t *sum = (uint64_t *)user;
    bool bytes = field->type == VCMD_FIELD_STRING || field->type == VCMD_FIELD_BYTES;

    for (size_t i = 0; i < field->count; i++)
        *sum += bytes ? field->bytes[i] : vcmd_field_value(field, i);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct vcmd_ctrl_request request;
    struct vcmd_ctrl_response response;
    struct vcmd_error error;
    uint8_t *bytes = (uint8_t *)malloc(size + 1);
    struct fuzz_text text = {NULL, 0, 0};
    uint64_t sum = 0;
    bool known;

    if (bytes == NULL)
        return 0;
    memcpy(bytes + 1, data, size);
    known = vcmd_ctrl_decode_request(bytes + 1, size, &request, &error) == VCMD_STATUS_OK;
    known |= vcmd_ctrl_decode_response(bytes + 1, size, &response, &error) == VCMD_STATUS_OK;
    /* What one way of reading accepts, the other does. */
    if (known)
        FUZZ_CHECK(vcmd_visit_control(bytes + 1, size, read_field, &sum, &error) == VCMD_STATUS_OK);
    vcmd_print_control(bytes + 1, size, size % 2 != 0 ? VCMD_PRINT_FULL : 0, fuzz_add, &text);
    free(text.at);
    free(bytes);
    return 0;
}
