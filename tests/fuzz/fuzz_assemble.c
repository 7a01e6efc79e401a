/* SPDX-License-Identifier: MIT */
#include "fuzz.h"

/* Any text: refused with a place in it, or a stream that prints and assembles to itself. */

/* The same into a buffer of so many dwords, with nothing behind them. */
static void assemble_into(size_t capacity, const char *text, size_t size)
{
    uint32_t *memory = (uint32_t *)malloc(capacity * sizeof(*memory) + 1);
    struct vcmd_buffer buf;

    if (memory == NULL)
        return;
    vcmd_buffer_init(&buf, memory, capacity, 0);
    FUZZ_CHECK(vcmd_assemble(&buf, text, size, NULL) == VCMD_STATUS_OK || buf.length == 0);
    FUZZ_CHECK(buf.length <= capacity);
    free(memory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint32_t memory[1 << 17];
    struct vcmd_text_error error;
    struct vcmd_buffer buf;
    char *text = (char *)malloc(size + 1);
    char line[128];

    if (text == NULL)
        return 0;
    memcpy(text, data, size);
    vcmd_buffer_init(&buf, memory, sizeof(memory) / sizeof(memory[0]), 0);
    if (vcmd_assemble(&buf, text, size, &error) != VCMD_STATUS_OK) {
        FUZZ_CHECK(buf.length == 0);
        FUZZ_CHECK(error.found >= text && error.found + error.found_length <= text + size);
        FUZZ_CHECK(vcmd_text_error_format(&error, line, sizeof(line)) > 0);
    } else {
        fuzz_identity(memory, buf.length, 0);
        assemble_into(buf.length, text, size);
    }
    assemble_into(size % 67, text, size);
    free(text);
    return 0;
}
