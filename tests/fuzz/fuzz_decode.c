/* SPDX-License-Identifier: MIT */
#include "fuzz.h"

/* Any dwords: decoded, visited, compared, printed, and assembled to what they were. */

static bool read_field(void *user, const struct vcmd_field *field)
{
    uint64_t *sum = (uint64_t *)user;
    bool bytes = field->type == VCMD_FIELD_STRING || field->type == VCMD_FIELD_BYTES;

    for (size_t i = 0; i < field->count; i++)
        *sum += bytes ? field->bytes[i] : vcmd_field_value(field, i);
    return true;
}

static bool read_difference(void *user, const struct vcmd_difference *difference)
{
    *(uint64_t *)user += difference->found ^ difference->canonical;
    return true;
}

static void decode(const uint32_t *dwords, size_t count, void *scratch, size_t scratch_size)
{
    struct vcmd_decoder decoder;
    struct vcmd_packet packet;
    uint64_t sum = 0;

    vcmd_decoder_init(&decoder, dwords, count, scratch, scratch_size);
    while (vcmd_decoder_more(&decoder)) {
        size_t at = decoder.position;
        enum vcmd_status status = vcmd_decode_next(&decoder, &packet);

        if (status == VCMD_STATUS_BUFFER_FULL)
            status = VCMD_STATUS_OK;
        FUZZ_CHECK(decoder.position > at);
        FUZZ_CHECK(vcmd_visit_packet(dwords + at, count - at, read_field, &sum, NULL) == status);
        FUZZ_CHECK(vcmd_packet_differences(dwords + at, count - at, read_difference, &sum, NULL) ==
                   status);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t count = size / 4;
    uint32_t *dwords = (uint32_t *)malloc(count * 4 + 1);
    uint8_t scratch[256];

    if (dwords == NULL)
        return 0;
    if (count != 0)
        memcpy(dwords, data, count * 4);
    decode(dwords, count, scratch, sizeof(scratch));
    fuzz_identity(dwords, count, size % 4 == 0 ? 0 : VCMD_PRINT_FULL);
    free(dwords);
    return 0;
}
