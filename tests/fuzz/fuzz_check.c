/* SPDX-License-Identifier: MIT */
#include "fuzz.h"

/*
 * Any dwords, checked on their own and with a model of a few entries, in several submits: nothing
 * outside of the stream and of the checker's memory is touched, and what is told agrees with the
 * result.
 */

struct told {
    size_t counts[VCMD_SEVERITY_NOTE + 1];
    size_t packets; /* of the stream */
};

static void tell(void *user, const struct vcmd_diagnostic *diagnostic)
{
    struct told *told = (struct told *)user;
    char text[64], whole[2048];
    size_t length;

    FUZZ_CHECK(diagnostic->severity <= VCMD_SEVERITY_NOTE);
    FUZZ_CHECK(vcmd_diagnostic_info(diagnostic->code) != NULL);
    FUZZ_CHECK((vcmd_diagnostic_info(diagnostic->code)->severities >> diagnostic->severity & 1) !=
               0);
    length = vcmd_diagnostic_format(diagnostic, VCMD_DIAGNOSTIC_FULL, text, sizeof(text));
    FUZZ_CHECK(strlen(text) == sizeof(text) - 1);
    FUZZ_CHECK(length ==
               vcmd_diagnostic_format(diagnostic, VCMD_DIAGNOSTIC_FULL, whole, sizeof(whole)));
    FUZZ_CHECK(length < sizeof(whole) && strlen(whole) == length);
    if (diagnostic->packet != VCMD_NO_PACKET ||
        diagnostic->code == VCMD_DIAGNOSTIC_CONTEXT_UNKNOWN ||
        diagnostic->code == VCMD_DIAGNOSTIC_CONTEXT_BROKEN)
        told->counts[diagnostic->severity]++;
}

static void compare(const struct told *told, const struct vcmd_check_result *result, size_t count)
{
    for (size_t i = 0; i <= VCMD_SEVERITY_NOTE; i++)
        FUZZ_CHECK(told->counts[i] == result->counts[i]);
    FUZZ_CHECK(result->packets <= count);
    if (result->rejected) {
        FUZZ_CHECK(result->broken && result->rejected_offset <= count);
        FUZZ_CHECK(result->rejected_packet <= result->packets ||
                   result->rejected_packet == VCMD_NO_PACKET);
    }
}

static void check_alone(const uint32_t *dwords, size_t count)
{
    struct vcmd_check_desc desc = {tell, NULL, NULL, NULL, 0};
    struct vcmd_check_result result;
    struct told told;

    memset(&told, 0, sizeof(told));
    desc.user = &told;
    FUZZ_CHECK(vcmd_check_stream(dwords, count, &desc, &result) == VCMD_STATUS_OK);
    compare(&told, &result, count);
}

static void add_resources(struct vcmd_checker *checker)
{
    for (uint32_t id = 1; id < 12; id++) {
        struct vcmd_ctrl_resource_create_3d resource = {
            .resource_id = id,
            .target = id % 9,
            .format = 1 + id % 3 * 66,
            .bind = id == 9 ? VCMD_BIND_CUSTOM : VCMD_BIND_SAMPLER_VIEW,
            .width = 64,
            .height = id % 9 == 0 ? 1 : 32,
            .depth = 1,
            .array_size = id % 9 == VCMD_TEXTURE_CUBE ? 6 : 1,
            .last_level = id % 3};

        if (id == 11)
            vcmd_checker_resource_create_blob(checker, id, 8192);
        else
            vcmd_checker_resource_create(checker, &resource);
        vcmd_checker_set_backing(checker, id, 8192);
        vcmd_checker_attach(checker, 1 + id % 2, id);
        vcmd_checker_attach(checker, 1, id);
    }
}

/* The first dword says where the stream is cut in two, and what happens in between. */
static void check_with_model(const uint32_t *dwords, size_t count)
{
    struct vcmd_checker_desc desc;
    struct vcmd_checker *checker;
    struct vcmd_check_result result;
    struct told told;
    uint32_t plan = count != 0 ? dwords[0] : 0;
    size_t cut = count != 0 ? plan % count : 0, size;
    void *memory;

    memset(&desc, 0, sizeof(desc));
    desc.check.fn = tell;
    desc.check.user = &told;
    desc.limits.contexts = 2;
    desc.limits.sub_contexts = 3;
    desc.limits.objects = 6;
    desc.limits.resources = 10;
    desc.limits.attachments = 11;
    desc.seed = plan >> 8 & 1;
    size = vcmd_checker_size(&desc.limits);
    memory = malloc(size);
    FUZZ_CHECK(memory != NULL);
    FUZZ_CHECK(vcmd_checker_init(memory, size, &desc, &checker) == VCMD_STATUS_OK);
    vcmd_checker_context_create(checker, 1);
    vcmd_checker_context_create(checker, 2);
    add_resources(checker);
    for (int i = 0; i < 2; i++) {
        const uint32_t *part = i == 0 ? dwords : dwords + cut;
        size_t length = i == 0 ? cut : count - cut;

        memset(&told, 0, sizeof(told));
        FUZZ_CHECK(vcmd_checker_submit(checker, 1 + (plan >> (9 + i) & 1), part, length, &result) ==
                   VCMD_STATUS_OK);
        compare(&told, &result, length + 1);
        vcmd_checker_resource_destroy(checker, 1 + plan % 11);
        if ((plan >> 12 & 3) == 0)
            vcmd_checker_context_destroy(checker, 1);
    }
    vcmd_checker_finish(checker);
    free(memory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t count = size / 4;
    uint32_t *dwords = (uint32_t *)malloc(count * 4 + 1);

    if (dwords == NULL)
        return 0;
    if (count != 0)
        memcpy(dwords, data, count * 4);
    check_alone(dwords, count);
    check_with_model(dwords, count);
    free(dwords);
    return 0;
}
