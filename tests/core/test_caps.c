/* SPDX-License-Identifier: MIT */
/* Capability sets: bytes that a real host filled, cut and lengthened in every way. */
#include "caps_layout.h"
#include "support.h"

#define CAPSET_1  308
#define CAPSET_2  1376 /* of virglrenderer 0.10.4 */
#define ALL_KNOWN 1408 /* of virglrenderer 1.1.1 and later */
#define LONGEST   1500

static uint8_t capset1[CAPSET_1], capset2[CAPSET_2];

static void load(const char *name, uint8_t *bytes, size_t size)
{
    char path[512];
    FILE *file;

    (void)snprintf(path, sizeof(path), "%s/%s", VCMD_TEST_DATA, name);
    file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fread(bytes, 1, size, file), size);
    assert_int_equal(fgetc(file), EOF);
    assert_int_equal(fclose(file), 0);
}

static int setup(void **state)
{
    (void)state;
    load("capset1-virglrenderer-0.10.4-llvmpipe.bin", capset1, CAPSET_1);
    load("capset2-virglrenderer-0.10.4-llvmpipe.bin", capset2, CAPSET_2);
    return 0;
}

static void put32(uint8_t *bytes, size_t offset, uint32_t value)
{
    size_t i;

    for (i = 0; i < 4; i++)
        bytes[offset + i] = (uint8_t)(value >> 8 * i);
}

static uint32_t get32(const uint8_t *bytes, size_t offset)
{
    return bytes[offset] | (uint32_t)bytes[offset + 1] << 8 | (uint32_t)bytes[offset + 2] << 16 |
           (uint32_t)bytes[offset + 3] << 24;
}

struct field {
    const char *name;
    enum vcmd_caps_field number;
    size_t offset, size, version; /* on the wire */
    const char *since;
    size_t member, member_size; /* in struct vcmd_caps */
};

#define FIELD(name, upper, offset, size, version, since)                                           \
    {#name,                                                                                        \
     VCMD_CAPS_##upper,                                                                            \
     offset,                                                                                       \
     size,                                                                                         \
     version,                                                                                      \
     since,                                                                                        \
     offsetof(struct vcmd_caps, name),                                                             \
     sizeof(((struct vcmd_caps *)0)->name)},
static const struct field fields[] = {CAPS_FIELDS(FIELD)};

static void table_agrees(void **state)
{
    size_t i;

    (void)state;
    assert_int_equal(ARRAY_SIZE(fields), VCMD_CAPS_FIELD_COUNT);
    for (i = 0; i < ARRAY_SIZE(fields); i++) {
        const struct vcmd_caps_field_info *info = vcmd_caps_field_info(fields[i].number);

        assert_int_equal(fields[i].number, i);
        assert_non_null(info);
        assert_string_equal(info->name, fields[i].name);
        assert_int_equal(info->offset, fields[i].offset);
        assert_int_equal(info->size, fields[i].size);
        assert_string_equal(info->since, fields[i].since);
        /* One field after the other, without a gap. */
        if (i > 0)
            assert_int_equal(fields[i].offset, fields[i - 1].offset + fields[i - 1].size);
    }
    assert_int_equal(fields[i - 1].offset + fields[i - 1].size, ALL_KNOWN);
    assert_null(vcmd_caps_field_info(VCMD_CAPS_FIELD_COUNT));
    assert_null(vcmd_caps_field_info((enum vcmd_caps_field) - 1));
}

static void versions_agree(void **state)
{
    size_t i, bad = 0;

    (void)state;
    for (i = 0; i < ARRAY_SIZE(fields); i++) {
        const struct vcmd_caps_field_info *info = vcmd_caps_field_info(fields[i].number);

        if (info->feature_version != fields[i].version) {
            print_message("%s: feature check version %u, expected %u\n", fields[i].name,
                          info->feature_version, (unsigned)fields[i].version);
            bad++;
        }
    }
    assert_int_equal(bad, 0);
}

/* Fields of bits and text have members of another size than on the wire, or another order. */
static bool made_of_words(const struct field *field)
{
    return field->number != VCMD_CAPS_BSET && field->number != VCMD_CAPS_VIDEO_CAPS &&
           field->number != VCMD_CAPS_RENDERER;
}

static void check_field(const struct vcmd_caps *caps, const struct field *field,
                        const uint8_t *bytes, bool given)
{
    const uint8_t *member = (const uint8_t *)caps + field->member;
    size_t i;

    if (!given) {
        for (i = 0; i < field->member_size; i++)
            assert_int_equal(member[i], 0);
        return;
    }
    if (field->number == VCMD_CAPS_RENDERER)
        assert_memory_equal(member, bytes + field->offset, field->size);
    if (!made_of_words(field))
        return;
    assert_int_equal(field->member_size, field->size);
    for (i = 0; i < field->size; i += 4) {
        uint32_t word;

        memcpy(&word, member + i, 4);
        assert_int_equal(word, get32(bytes, field->offset + i));
    }
}

/* A set of LONGEST bytes: what the host gave, then numbers for the fields of later hosts. */
static void make_long(uint8_t *bytes)
{
    memcpy(bytes, capset2, CAPSET_2);
    fill_bytes(bytes + CAPSET_2, LONGEST - CAPSET_2, 4);
    put32(bytes, 556, 23); /* host_feature_check_version of 1.1.1 */
}

static void every_size(void **state)
{
    uint8_t bytes[LONGEST];
    struct vcmd_caps caps;
    size_t size, i;

    (void)state;
    make_long(bytes);
    for (size = 0; size <= LONGEST; size++) {
        /* A copy of that size: sanitizers see a byte too many. */
        uint8_t *copy = test_memory(size);
        bool enough = size >= CAPSET_1;

        memcpy(copy, bytes, size);
        memset(&caps, 0xa5, sizeof(caps));
        assert_int_equal(vcmd_caps_decode(&caps, copy, size),
                         enough ? VCMD_STATUS_OK : VCMD_STATUS_TRUNCATED);
        assert_int_equal(caps.size, enough ? size : 0);
        for (i = 0; i < ARRAY_SIZE(fields); i++) {
            bool given = enough && fields[i].offset + fields[i].size <= size;
            bool told = given && (fields[i].version == 0 || caps.host_feature_check_version == 23);

            check_field(&caps, &fields[i], bytes, given);
            assert_int_equal(vcmd_caps_has(&caps, fields[i].number), told);
        }
        free(copy);
    }
}

static void no_arguments(void **state)
{
    struct vcmd_caps caps;

    (void)state;
    assert_int_equal(vcmd_caps_decode(NULL, capset1, CAPSET_1), VCMD_STATUS_NULL_ARGUMENT);
    assert_int_equal(vcmd_caps_decode(&caps, NULL, CAPSET_1), VCMD_STATUS_NULL_ARGUMENT);
    assert_false(vcmd_caps_has(NULL, VCMD_CAPS_GLSL_LEVEL));
    assert_false(vcmd_caps_has_format(NULL, 1, VCMD_FORMAT_USE_SAMPLER));
    assert_int_equal(vcmd_caps_decode(&caps, capset1, CAPSET_1), VCMD_STATUS_OK);
    assert_false(vcmd_caps_has(&caps, VCMD_CAPS_FIELD_COUNT));
    assert_false(vcmd_caps_has(&caps, (enum vcmd_caps_field) - 1));
}

/* What llvmpipe is known to be able to. */
static void captured_set_1(void **state)
{
    struct vcmd_caps caps;

    (void)state;
    assert_int_equal(vcmd_caps_decode(&caps, capset1, CAPSET_1), VCMD_STATUS_OK);
    assert_int_equal(caps.max_version, 1);
    assert_int_equal(caps.glsl_level, 450);
    assert_int_equal(caps.max_render_targets, 8);
    assert_int_equal(caps.max_viewports, 16);
    assert_int_equal(caps.max_streamout_buffers, 4);
    assert_int_equal(caps.host_feature_check_version, 0);
    assert_false(vcmd_caps_has(&caps, VCMD_CAPS_RENDERER));
    assert_false(vcmd_caps_has(&caps, VCMD_CAPS_CAPABILITY_BITS));
    assert_true(vcmd_caps_has(&caps, VCMD_CAPS_MAX_TEXTURE_GATHER_COMPONENTS));
    assert_true(vcmd_caps_has_format(&caps, VCMD_FORMAT_B8G8R8A8_UNORM, VCMD_FORMAT_USE_RENDER));
    /* Too old to tell about readback: what can be sampled can be read. */
    assert_true(vcmd_caps_has_format(&caps, VCMD_FORMAT_B8G8R8A8_UNORM, VCMD_FORMAT_USE_READBACK));
    assert_false(
        vcmd_caps_has_format(&caps, VCMD_FORMAT_B8G8R8A8_UNORM, VCMD_FORMAT_USE_MULTISAMPLE));
}

static void captured_set_2(void **state)
{
    struct vcmd_caps caps;

    (void)state;
    assert_int_equal(vcmd_caps_decode(&caps, capset2, CAPSET_2), VCMD_STATUS_OK);
    assert_int_equal(caps.max_version, 2);
    assert_int_equal(caps.glsl_level, 450);
    assert_int_equal(caps.max_render_targets, 8);
    /* The version of release 0.10.4, by which the fields of later ones are not there. */
    assert_int_equal(caps.host_feature_check_version, 15);
    assert_true(vcmd_caps_has(&caps, VCMD_CAPS_RENDERER));
    assert_string_equal(caps.renderer, "LLVMPIPE (LLVM 15.0.6, 256 bits)");
    assert_true(vcmd_caps_has(&caps, VCMD_CAPS_MAX_UNIFORM_BLOCK_SIZE));
    assert_int_equal(caps.max_uniform_block_size, 65536);
    assert_false(vcmd_caps_has(&caps, VCMD_CAPS_MAX_TCS_OUTPUTS));
    assert_true(caps.min_aliased_point_size == 1.0f);
    assert_true(caps.max_aliased_point_size == 255.0f);
    assert_true(caps.max_anisotropy == 16.0f);
    assert_int_equal(caps.min_texel_offset, -32);
    assert_int_equal(caps.max_texel_offset, 31);
    assert_int_equal(caps.max_texture_2d_size, 16384);
    assert_int_equal(caps.max_compute_grid_size[2], 65535);
    assert_int_equal(caps.max_compute_block_size[0], 1024);
    assert_int_equal(caps.num_video_caps, 0); /* no VA-API */
    assert_true(caps.bset.has_tessellation_shaders && caps.bset.has_indirect_draw);
    assert_true(caps.bset.primitive_restart && caps.bset.timer_query);
    /* A core profile clamps no colours and draws no stipple by itself. */
    assert_false(caps.bset.color_clamping);
    assert_true((caps.capability_bits & VCMD_CAP_COMPUTE_SHADER) != 0);
    assert_true((caps.capability_bits & VCMD_CAP_TRANSFER) != 0);
    assert_int_equal(caps.capability_bits & VCMD_CAP_HOST_IS_GLES, 0);
    /* Core profile: patches and adjacency, no quads and polygons. */
    assert_true((caps.prim_mask >> VCMD_PRIM_TRIANGLES & 1) != 0);
    assert_true((caps.prim_mask >> VCMD_PRIM_PATCHES & 1) != 0);
    assert_int_equal(caps.prim_mask >> VCMD_PRIM_QUADS & 1, 0);
}

static bool has(const struct vcmd_caps *caps, enum vcmd_format format, enum vcmd_format_use use)
{
    return vcmd_caps_has_format(caps, format, use);
}

static void captured_formats(void **state)
{
    struct vcmd_caps caps;

    (void)state;
    assert_int_equal(vcmd_caps_decode(&caps, capset2, CAPSET_2), VCMD_STATUS_OK);
    assert_true(has(&caps, VCMD_FORMAT_B8G8R8A8_UNORM, VCMD_FORMAT_USE_SAMPLER));
    assert_true(has(&caps, VCMD_FORMAT_B8G8R8A8_UNORM, VCMD_FORMAT_USE_RENDER));
    assert_false(has(&caps, VCMD_FORMAT_B8G8R8A8_UNORM, VCMD_FORMAT_USE_DEPTH_STENCIL));
    assert_true(has(&caps, VCMD_FORMAT_R8G8B8A8_UNORM, VCMD_FORMAT_USE_READBACK));
    assert_true(has(&caps, VCMD_FORMAT_Z32_FLOAT, VCMD_FORMAT_USE_DEPTH_STENCIL));
    assert_false(has(&caps, VCMD_FORMAT_Z32_FLOAT, VCMD_FORMAT_USE_RENDER));
    assert_true(has(&caps, VCMD_FORMAT_R32G32B32_FLOAT, VCMD_FORMAT_USE_VERTEX));
    assert_false(has(&caps, VCMD_FORMAT_DXT1_RGB, VCMD_FORMAT_USE_RENDER));
    assert_false(has(&caps, VCMD_FORMAT_DXT1_RGB, VCMD_FORMAT_USE_VERTEX));
    assert_true(has(&caps, VCMD_FORMAT_R8G8B8A8_UNORM, VCMD_FORMAT_USE_MULTISAMPLE));
}

static const struct {
    enum vcmd_format_use use;
    size_t offset; /* of its mask */
} uses[] = {
    {VCMD_FORMAT_USE_SAMPLER, 4},         {VCMD_FORMAT_USE_RENDER, 68},
    {VCMD_FORMAT_USE_DEPTH_STENCIL, 132}, {VCMD_FORMAT_USE_VERTEX, 196},
    {VCMD_FORMAT_USE_READBACK, 560},      {VCMD_FORMAT_USE_SCANOUT, 624},
    {VCMD_FORMAT_USE_MULTISAMPLE, 768},
};

/* A set in which the mask of one use has one format, and the other masks a far one. */
static void make_masks(struct vcmd_caps *caps, size_t use, uint32_t format)
{
    uint8_t bytes[ALL_KNOWN] = {0};
    size_t i;

    put32(bytes, 556, 23);
    for (i = 0; i < ARRAY_SIZE(uses); i++) {
        uint32_t set = i == use ? format : 511;

        put32(bytes, uses[i].offset + (size_t)4 * (set / 32), 1u << set % 32);
    }
    assert_int_equal(vcmd_caps_decode(caps, bytes, sizeof(bytes)), VCMD_STATUS_OK);
}

/* Depth may be told by the sampler mask, and plain vertex formats without any: see the next. */
static bool told_by_mask(uint32_t format, size_t use)
{
    const struct vcmd_format_info *info = vcmd_format_info(format);

    return info != NULL && format != VCMD_FORMAT_NONE &&
           (uses[use].use != VCMD_FORMAT_USE_DEPTH_STENCIL ||
            info->colorspace == VCMD_COLORSPACE_ZS);
}

/* A bit in the mask of a use is that format for that use, and for no other. */
static void every_use_and_format(void **state)
{
    struct vcmd_caps caps;
    uint32_t format;
    size_t i, k;

    (void)state;
    for (i = 0; i < ARRAY_SIZE(uses); i++) {
        for (format = 0; format < 511; format++) {
            make_masks(&caps, i, format);
            assert_int_equal(vcmd_caps_has_format(&caps, format, uses[i].use),
                             told_by_mask(format, i));
            for (k = 0; k < ARRAY_SIZE(uses); k++) {
                if (k != i && uses[k].use != VCMD_FORMAT_USE_DEPTH_STENCIL &&
                    uses[k].use != VCMD_FORMAT_USE_VERTEX)
                    assert_false(vcmd_caps_has_format(&caps, format, uses[k].use));
            }
        }
        assert_false(vcmd_caps_has_format(&caps, 511, uses[i].use));
        assert_false(vcmd_caps_has_format(&caps, 512, uses[i].use));
        assert_false(vcmd_caps_has_format(&caps, 0xffffffffu, uses[i].use));
    }
    assert_false(vcmd_caps_has_format(&caps, 1, (enum vcmd_format_use)99));
}

/* What hosts leave out of their masks. */
static void formats_without_masks(void **state)
{
    static const enum vcmd_format plain[] = {
        VCMD_FORMAT_R32_FLOAT,      VCMD_FORMAT_R32G32B32A32_FLOAT, VCMD_FORMAT_R16G16_SNORM,
        VCMD_FORMAT_R8G8B8A8_UNORM, VCMD_FORMAT_R32G32_UINT,        VCMD_FORMAT_R16G16_USCALED,
    };
    struct vcmd_caps caps;
    size_t i;

    (void)state;
    make_masks(&caps, 0, VCMD_FORMAT_Z24_UNORM_S8_UINT);
    assert_true(has(&caps, VCMD_FORMAT_Z24_UNORM_S8_UINT, VCMD_FORMAT_USE_DEPTH_STENCIL));
    assert_false(has(&caps, VCMD_FORMAT_Z16_UNORM, VCMD_FORMAT_USE_DEPTH_STENCIL));
    for (i = 0; i < ARRAY_SIZE(plain); i++)
        assert_true(has(&caps, plain[i], VCMD_FORMAT_USE_VERTEX));
    assert_false(has(&caps, VCMD_FORMAT_R32_FIXED, VCMD_FORMAT_USE_VERTEX));
    assert_false(has(&caps, VCMD_FORMAT_DXT1_RGB, VCMD_FORMAT_USE_VERTEX));
    assert_false(has(&caps, VCMD_FORMAT_Z32_FLOAT, VCMD_FORMAT_USE_VERTEX));
    assert_false(has(&caps, VCMD_FORMAT_R11G11B10_FLOAT, VCMD_FORMAT_USE_VERTEX));
    make_masks(&caps, 3, VCMD_FORMAT_R11G11B10_FLOAT);
    assert_true(has(&caps, VCMD_FORMAT_R11G11B10_FLOAT, VCMD_FORMAT_USE_VERTEX));
}

/* NONE is a number of the list, and no format of anything. */
static void none_is_for_nothing(void **state)
{
    struct vcmd_caps caps;
    size_t i;

    (void)state;
    assert_int_equal(vcmd_caps_decode(&caps, capset2, CAPSET_2), VCMD_STATUS_OK);
    for (i = 0; i < ARRAY_SIZE(uses); i++)
        assert_false(has(&caps, VCMD_FORMAT_NONE, uses[i].use));
}

static void every_boolean(void **state)
{
#define BOOLEAN(name) offsetof(struct vcmd_caps_bool_set, name),
    static const size_t members[] = {CAPS_BOOLEANS(BOOLEAN)};
    uint8_t bytes[CAPSET_1] = {0};
    struct vcmd_caps caps;
    size_t bit, i;

    (void)state;
    assert_int_equal(ARRAY_SIZE(members), 32);
    for (bit = 0; bit < 32; bit++) {
        put32(bytes, 260, 1u << bit);
        assert_int_equal(vcmd_caps_decode(&caps, bytes, sizeof(bytes)), VCMD_STATUS_OK);
        for (i = 0; i < 32; i++) {
            bool on = *(const bool *)((const uint8_t *)&caps.bset + members[i]);

            assert_int_equal(on, i == bit);
        }
    }
}

/* Four dwords an entry: 8, 8, 8, 8 bits; 16, 16; 16, 16; 1, 1, 1, 1, 8 and 20 bits. */
static void video_entries(void **state)
{
    uint8_t bytes[ALL_KNOWN] = {0};
    const struct vcmd_video_cap *last;
    struct vcmd_caps caps;

    (void)state;
    put32(bytes, 856, 32);
    put32(bytes, 860 + 31 * 16, 0x04030201);
    put32(bytes, 860 + 31 * 16 + 4, 0x06000500);
    put32(bytes, 860 + 31 * 16 + 8, 0xfffea0a1);
    put32(bytes, 860 + 31 * 16 + 12, 0xabcde7fau);
    assert_int_equal(vcmd_caps_decode(&caps, bytes, sizeof(bytes)), VCMD_STATUS_OK);
    assert_int_equal(caps.num_video_caps, 32);
    last = &caps.video_caps[31];
    assert_int_equal(last->profile, 1);
    assert_int_equal(last->entrypoint, 2);
    assert_int_equal(last->max_level, 3);
    assert_int_equal(last->stacked_frames, 4);
    assert_int_equal(last->max_width, 0x500);
    assert_int_equal(last->max_height, 0x600);
    assert_int_equal(last->prefered_format, 0xa0a1);
    assert_int_equal(last->max_macroblocks, 0xfffe);
    assert_false(last->npot_texture);
    assert_true(last->supports_progressive);
    assert_false(last->supports_interlaced);
    assert_true(last->prefers_interlaced);
    assert_int_equal(last->max_temporal_layers, 0x7f);
    assert_int_equal(last->reserved, 0xabcde);
    assert_int_equal(caps.video_caps[30].profile, 0);
}

/* A host may send room for a field before it fills it: the version decides. */
static void versions_vouch(void **state)
{
    uint8_t bytes[ALL_KNOWN];
    struct vcmd_caps caps;
    uint32_t version;
    size_t i;

    (void)state;
    fill_bytes(bytes, sizeof(bytes), 8);
    for (version = 0; version < 30; version++) {
        put32(bytes, 556, version);
        assert_int_equal(vcmd_caps_decode(&caps, bytes, sizeof(bytes)), VCMD_STATUS_OK);
        for (i = 0; i < ARRAY_SIZE(fields); i++) {
            if (fields[i].number == VCMD_CAPS_SUPPORTED_MULTISAMPLE_FORMATS)
                continue; /* versions_agree looks at it */
            assert_int_equal(vcmd_caps_has(&caps, fields[i].number), version >= fields[i].version);
        }
    }
}

static void releases(void **state)
{
#define RELEASE(name, size, version, formats, commands, objects)                                   \
    {name, size, version, formats, commands, objects},
    static const struct vcmd_host_release expected[] = {HOST_RELEASES(RELEASE)};
    const struct vcmd_host_release *table;
    size_t count = 0, i;

    (void)state;
    table = vcmd_host_releases(&count);
    assert_ptr_equal(vcmd_host_releases(NULL), table);
    assert_int_equal(count, ARRAY_SIZE(expected));
    for (i = 0; i < count; i++) {
        assert_string_equal(table[i].name, expected[i].name);
        assert_int_equal(table[i].caps_size, expected[i].caps_size);
        assert_int_equal(table[i].feature_version, expected[i].feature_version);
        assert_int_equal(table[i].formats, expected[i].formats);
        assert_int_equal(table[i].commands, expected[i].commands);
        assert_int_equal(table[i].objects, expected[i].objects);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_agrees),
        cmocka_unit_test(versions_agree),
        cmocka_unit_test(every_size),
        cmocka_unit_test(no_arguments),
        cmocka_unit_test(captured_set_1),
        cmocka_unit_test(captured_set_2),
        cmocka_unit_test(captured_formats),
        cmocka_unit_test(every_use_and_format),
        cmocka_unit_test(formats_without_masks),
        cmocka_unit_test(none_is_for_nothing),
        cmocka_unit_test(every_boolean),
        cmocka_unit_test(video_entries),
        cmocka_unit_test(versions_vouch),
        cmocka_unit_test(releases),
    };

    return cmocka_run_group_tests(tests, setup, NULL);
}
