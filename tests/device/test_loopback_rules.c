/* SPDX-License-Identifier: MIT */

/*
 * The device layer refuses the resource descriptions that hosts refuse. This asks virglrenderer
 * about ten thousand of them: what the layer refuses, the host must refuse as well, but for the
 * exceptions below, and the other way round.
 */
#include "raw_device.h"

#include "layout.h"

static int setup(void **state)
{
    (void)state;
    raw_open();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    raw_close();
    return 0;
}

/* Small numbers around the borders of the rules; sizes stay small, for the host's memory. */
static const uint32_t targets[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
static const uint32_t sizes[] = {1, 2, 4, 5};
static const uint32_t layers[] = {1, 2, 6, 7, 12};
static const uint32_t levels[] = {0, 1, 2, 3, 5};
static const uint32_t samples[] = {0, 4};
static const uint32_t flag_sets[] = {0, 1, 2, 4, 8};
static const uint32_t formats[] = {VCMD_FORMAT_R8_UNORM, VCMD_FORMAT_B8G8R8A8_UNORM};
static const uint32_t binds[] = {
    0,
    VCMD_BIND_VERTEX_BUFFER,
    VCMD_BIND_VERTEX_BUFFER | VCMD_BIND_INDEX_BUFFER,
    VCMD_BIND_SAMPLER_VIEW,
    VCMD_BIND_SAMPLER_VIEW | VCMD_BIND_VERTEX_BUFFER,
    VCMD_BIND_RENDER_TARGET,
    VCMD_BIND_RENDER_TARGET | VCMD_BIND_SAMPLER_VIEW,
    VCMD_BIND_CUSTOM,
    VCMD_BIND_STAGING,
    VCMD_BIND_DISPLAY_TARGET,
};

static uint32_t pick(uint32_t *random, const uint32_t *from, size_t count)
{
    return from[next_random(random) % count];
}

#define PICK(from) pick(random, from, ARRAY_SIZE(from))

/* Most fields at their plainest, so that a good share is good. */
static struct vcmd_resource_desc random_desc(uint32_t *random)
{
    struct vcmd_resource_desc desc = {.width = PICK(sizes), .height = 1, .depth = 1};
    uint32_t dice = next_random(random);

    desc.target = PICK(targets);
    desc.format = PICK(formats);
    desc.bind = PICK(binds);
    desc.array_size = desc.target == VCMD_TEXTURE_CUBE ? 6 : 1;
    if (dice & 1)
        desc.height = dice & 2 ? desc.width : PICK(sizes);
    if ((dice & 12) == 12)
        desc.depth = PICK(sizes);
    if ((dice & 0x30) == 0x30)
        desc.array_size = PICK(layers);
    if ((dice & 0xc0) == 0xc0)
        desc.last_level = PICK(levels);
    if ((dice & 0x300) == 0x300)
        desc.nr_samples = PICK(samples);
    if ((dice & 0xc00) == 0xc00)
        desc.flags = PICK(flag_sets);
    return desc;
}

static bool host_takes(const struct vcmd_resource_desc *desc)
{
    const struct vcmd_ctrl_resource_create_3d create = {
        .resource_id = 1,
        .target = desc->target,
        .format = desc->format,
        .bind = desc->bind,
        .width = desc->width,
        .height = desc->height,
        .depth = desc->depth,
        .array_size = desc->array_size,
        .last_level = desc->last_level,
        .nr_samples = desc->nr_samples,
        .flags = desc->flags,
    };

    return raw_create(&create);
}

/*
 * Where the layer is stricter on purpose. Buffers: the host looks at height and depth only when the
 * bind is that of a plain buffer, and takes formats of more than a byte, in which transfers would
 * count in two units at once. Textures: it lets one level too many pass, which has no texels.
 */
static bool is_stricter(const struct vcmd_resource_desc *desc)
{
    uint32_t longest = desc->width > desc->height ? desc->width : desc->height;

    if (desc->target == VCMD_BUFFER)
        return desc->format != VCMD_FORMAT_R8_UNORM ||
               ((desc->bind & VCMD_BIND_SAMPLER_VIEW) && (desc->height > 1 || desc->depth > 1));
    return desc->last_level > 0 && longest >> (desc->last_level - 1) == 1;
}

static void parity(void **state)
{
    uint32_t random = 1;
    unsigned good = 0, bad = 0, differ = 0;

    (void)state;
    for (int i = 0; i < 10000; i++) {
        struct vcmd_resource_desc desc = random_desc(&random);
        const char *why = "";
        bool ours = vcmd_desc_check(&desc, &why) == VCMD_STATUS_OK;
        bool theirs = host_takes(&desc);

        good += ours && theirs;
        bad += !ours && !theirs;
        if (ours == theirs || (theirs && is_stricter(&desc)))
            continue;
        differ++;
        print_error(
            "target %u format %u bind 0x%x %ux%ux%u layers %u level %u samples %u flags %u: "
            "host %d, layer %d %s\n",
            desc.target, desc.format, desc.bind, desc.width, desc.height, desc.depth,
            desc.array_size, desc.last_level, desc.nr_samples, desc.flags, theirs, ours, why);
    }
    print_message("%u good, %u bad, %u differ\n", good, bad, differ);
    assert_int_equal(differ, 0);
    assert_true(good > 500);
    assert_true(bad > 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown(parity, setup, teardown)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
