/* SPDX-License-Identifier: MIT */

/* Which transfers are sent, and which are refused. Over a mock transport. */
#include "fake_transport.h"

/* 16x8 texels of four bytes, and a level of 8x4: 512 + 128 bytes. */
static const struct vcmd_resource_desc texture = {
    .target = VCMD_TEXTURE_2D,
    .format = VCMD_FORMAT_B8G8R8A8_UNORM,
    .bind = VCMD_BIND_SAMPLER_VIEW,
    .width = 16,
    .height = 8,
    .last_level = 1,
};

static struct vcmd_device *device;
static struct vcmd_context *context;
static struct vcmd_resource *resource;

static int open_all(void **state)
{
    (void)state;
    fake_reset();
    device = fake_open();
    assert_ok(vcmd_context_create(device, "test", &context));
    assert_ok(vcmd_resource_create(device, &texture, &resource));
    assert_ok(vcmd_context_attach(context, resource));
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    vcmd_context_destroy(context);
    vcmd_resource_destroy(resource);
    vcmd_device_close(device);
    assert_fake_clean();
    return 0;
}

static void null_arguments(void **state)
{
    (void)state;
    assert_silent(vcmd_transfer_to_host(NULL, resource, NULL), VCMD_STATUS_NULL_ARGUMENT);
    assert_silent(vcmd_transfer_to_host(context, NULL, NULL), VCMD_STATUS_NULL_ARGUMENT);
    assert_silent(vcmd_transfer_from_host(NULL, resource, NULL), VCMD_STATUS_NULL_ARGUMENT);
    assert_silent(vcmd_transfer_from_host(context, NULL, NULL), VCMD_STATUS_NULL_ARGUMENT);
}

static void not_attached(void **state)
{
    (void)state;
    assert_ok(vcmd_context_detach(context, resource));
    assert_refused(vcmd_transfer_to_host(context, resource, NULL), VCMD_STATUS_NOT_ATTACHED,
                   "not attached");
    assert_refused(vcmd_transfer_from_host(context, resource, NULL), VCMD_STATUS_NOT_ATTACHED,
                   "not attached");
    assert_int_equal(fake.calls[FAKE_TRANSFER], 0);
}

/* The transport gets what the caller said, in the direction that he said. */
static void passed_on(void **state)
{
    const struct vcmd_transfer transfer = {
        .box = {1, 2, 0, 3, 1, 1}, .level = 1, .stride = 40, .layer_stride = 160, .offset = 24};
    const struct vcmd_box whole = {0, 0, 0, 16, 8, 1};

    (void)state;
    assert_ok(vcmd_transfer_to_host(context, resource, &transfer));
    assert_int_equal(fake.direction, VCMD_TRANSFER_TO_HOST);
    assert_memory_equal(&fake.transfer.box, &transfer.box, sizeof(transfer.box));
    assert_int_equal(fake.transfer.level, 1);
    assert_int_equal(fake.transfer.stride, 40);
    assert_int_equal(fake.transfer.layer_stride, 160);
    assert_int_equal(fake.transfer.offset, 24);
    assert_ok(vcmd_transfer_from_host(context, resource, NULL));
    assert_int_equal(fake.direction, VCMD_TRANSFER_FROM_HOST);
    assert_memory_equal(&fake.transfer.box, &whole, sizeof(whole));
    assert_int_equal(fake.transfer.offset, 0);
    assert_int_equal(fake.transfer.level, 0);
}

static void transport_fails(void **state)
{
    const enum vcmd_status statuses[] = {
        VCMD_STATUS_DEVICE_LOST,
        VCMD_STATUS_HOST_UNSPEC,
        VCMD_STATUS_HOST_INVALID_PARAMETER,
        VCMD_STATUS_HOST_BAD_RESPONSE,
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(statuses); i++) {
        fake.fail[FAKE_TRANSFER] = statuses[i];
        assert_refused(vcmd_transfer_to_host(context, resource, NULL), statuses[i], "as told");
        assert_refused(vcmd_transfer_from_host(context, resource, NULL), statuses[i], "as told");
    }
}

struct transfer_case {
    struct vcmd_transfer transfer;
    const char *part; /* of the line; NULL: it is sent */
};

#define OUTSIDE "not inside the level"
#define BACKING "does not fit the backing"

static void run_cases(struct vcmd_resource *target, const struct transfer_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t calls = fake.calls[FAKE_TRANSFER];

        print_message("case %zu\n", i);
        if (cases[i].part) {
            assert_refused(vcmd_transfer_to_host(context, target, &cases[i].transfer),
                           VCMD_STATUS_OUT_OF_RANGE, cases[i].part);
            assert_refused(vcmd_transfer_from_host(context, target, &cases[i].transfer),
                           VCMD_STATUS_OUT_OF_RANGE, cases[i].part);
            assert_int_equal(fake.calls[FAKE_TRANSFER], calls);
        } else {
            assert_ok(vcmd_transfer_to_host(context, target, &cases[i].transfer));
            assert_ok(vcmd_transfer_from_host(context, target, &cases[i].transfer));
            assert_true(fake.calls[FAKE_TRANSFER] >= calls + 2);
        }
    }
}

static const struct transfer_case texture_cases[] = {
    /* the edges of the level */
    {{.box = {0, 0, 0, 16, 8, 1}}, NULL},
    {{.box = {15, 7, 0, 1, 1, 1}, .offset = 508}, NULL},
    {{.box = {1, 0, 0, 16, 1, 1}}, OUTSIDE},
    {{.box = {0, 1, 0, 1, 8, 1}}, OUTSIDE},
    {{.box = {0, 0, 1, 1, 1, 1}}, OUTSIDE},
    {{.box = {0, 0, 0, 1, 1, 2}}, OUTSIDE},
    {{.box = {-1, 0, 0, 1, 1, 1}}, OUTSIDE},
    {{.box = {0, -1, 0, 1, 1, 1}}, OUTSIDE},
    {{.box = {0, 0, -1, 1, 1, 1}}, OUTSIDE},
    {{.box = {8, 0, 0, -4, 1, 1}}, OUTSIDE},
    {{.box = {0, 4, 0, 1, -4, 1}}, OUTSIDE},
    {{.box = {0, 0, 0, 1, 1, -1}}, OUTSIDE},
    {{.box = {INT32_MAX, 0, 0, INT32_MAX, 1, 1}}, OUTSIDE},
    {{.box = {0, INT32_MAX, 0, 1, INT32_MAX, 1}}, OUTSIDE},
    {{.box = {INT32_MIN, INT32_MIN, INT32_MIN, INT32_MIN, INT32_MIN, INT32_MIN}}, OUTSIDE},

    /* the other level, which is 8x4 */
    {{.box = {0, 0, 0, 8, 4, 1}, .level = 1, .offset = 512}, NULL},
    {{.box = {0, 0, 0, 9, 1, 1}, .level = 1}, OUTSIDE},
    {{.box = {0, 0, 0, 1, 5, 1}, .level = 1}, OUTSIDE},
    {{.box = {0, 0, 0, 1, 1, 1}, .level = 2}, "does not have this level"},
    {{.box = {0, 0, 0, 1, 1, 1}, .level = UINT32_MAX}, "does not have this level"},

    /* the backing of 640 bytes: the last byte is 7 rows, then 16 texels, from offset */
    {{.box = {0, 0, 0, 16, 8, 1}, .offset = 128}, NULL},
    {{.box = {0, 0, 0, 16, 8, 1}, .offset = 129}, BACKING},
    {{.box = {0, 0, 0, 1, 1, 1}, .offset = 636}, NULL},
    {{.box = {0, 0, 0, 1, 1, 1}, .offset = 637}, BACKING},
    {{.box = {0, 0, 0, 1, 1, 1}, .offset = 640}, BACKING},
    {{.box = {0, 0, 0, 1, 1, 1}, .offset = UINT64_MAX}, BACKING},
    {{.box = {0, 0, 0, 1, 1, 1}, .offset = UINT64_MAX - 3}, BACKING},

    /* strides, in whole texels: 7 * 80 + 64 = 624, 7 * 84 + 64 = 652 */
    {{.box = {0, 0, 0, 16, 8, 1}, .stride = 64}, NULL},
    {{.box = {0, 0, 0, 16, 8, 1}, .stride = 80, .layer_stride = 640}, NULL},
    {{.box = {0, 0, 0, 16, 8, 1}, .stride = 84, .layer_stride = 672}, BACKING},
    {{.box = {0, 0, 0, 16, 8, 1}, .stride = 60}, "stride is smaller than a row"},
    {{.box = {0, 0, 0, 16, 8, 1}, .stride = 66}, "whole number"},
    {{.box = {0, 0, 0, 16, 1, 1}, .stride = 65}, "whole number"},
    {{.box = {0, 0, 0, 4, 8, 1}, .stride = 16}, NULL},
    {{.box = {0, 0, 0, 4, 8, 1}, .stride = 12}, "stride is smaller than a row"},
    {{.box = {0, 0, 0, 16, 8, 1}, .stride = UINT32_MAX - 3}, BACKING},
    {{.box = {0, 0, 0, 16, 8, 1}, .layer_stride = 511}, "layer_stride is smaller"},
    {{.box = {0, 0, 0, 16, 8, 1}, .layer_stride = UINT32_MAX}, NULL}, /* one layer only */
};

static void texture_boxes(void **state)
{
    (void)state;
    run_cases(resource, texture_cases, ARRAY_SIZE(texture_cases));
}

/* 4x4 texels of one byte in three layers: 48 bytes. */
static const struct transfer_case array_cases[] = {
    {{.box = {0, 0, 0, 4, 4, 3}}, NULL},
    {{.box = {0, 0, 2, 4, 4, 1}, .offset = 32}, NULL},
    {{.box = {0, 0, 1, 4, 4, 3}}, OUTSIDE},
    {{.box = {0, 0, 3, 4, 4, 1}}, OUTSIDE},
    {{.box = {0, 0, 0, 4, 4, 3}, .offset = 1}, BACKING},
    /* 2 * 20 + 8 = 48: only the last layer is short */
    {{.box = {0, 0, 0, 4, 2, 3}, .layer_stride = 20}, NULL},
    {{.box = {0, 0, 0, 4, 2, 3}, .layer_stride = 21}, BACKING},
    {{.box = {0, 0, 0, 4, 2, 3}, .layer_stride = 7}, "layer_stride is smaller"},
    {{.box = {0, 0, 0, 4, 2, 3}, .layer_stride = UINT32_MAX}, BACKING},
    {{.box = {0, 0, 0, 4, 4, 3}, .stride = UINT32_MAX, .layer_stride = UINT32_MAX},
     "layer_stride is smaller"},
};

static void array_boxes(void **state)
{
    const struct vcmd_resource_desc desc = {
        .target = VCMD_TEXTURE_2D_ARRAY,
        .format = VCMD_FORMAT_R8_UNORM,
        .bind = VCMD_BIND_SAMPLER_VIEW,
        .width = 4,
        .height = 4,
        .array_size = 3,
    };
    struct vcmd_resource *array;

    (void)state;
    assert_ok(vcmd_resource_create(device, &desc, &array));
    assert_ok(vcmd_context_attach(context, array));
    run_cases(array, array_cases, ARRAY_SIZE(array_cases));
    vcmd_resource_destroy(array);
}

/* 10x6 texels in blocks of 4x4 of 8 bytes: 3x2 blocks, 48 bytes. */
static const struct transfer_case block_cases[] = {
    {{.box = {0, 0, 0, 10, 6, 1}}, NULL},
    {{.box = {0, 0, 0, 11, 6, 1}}, OUTSIDE},
    {{.box = {8, 4, 0, 2, 2, 1}, .offset = 40}, NULL},
    {{.box = {8, 4, 0, 2, 2, 1}, .offset = 41}, BACKING},
    {{.box = {0, 0, 0, 4, 4, 1}, .stride = 7}, "whole number"},
    {{.box = {0, 0, 0, 4, 4, 1}, .stride = 12}, "whole number"},
    {{.box = {0, 0, 0, 5, 4, 1}, .stride = 8}, "stride is smaller"},
    {{.box = {0, 0, 0, 5, 4, 1}, .stride = 16}, NULL},
};

static void block_boxes(void **state)
{
    const struct vcmd_resource_desc desc = {
        .target = VCMD_TEXTURE_2D,
        .format = VCMD_FORMAT_DXT1_RGB,
        .bind = VCMD_BIND_SAMPLER_VIEW,
        .width = 10,
        .height = 6,
    };
    struct vcmd_resource *compressed;

    (void)state;
    assert_ok(vcmd_resource_create(device, &desc, &compressed));
    assert_ok(vcmd_context_attach(context, compressed));
    run_cases(compressed, block_cases, ARRAY_SIZE(block_cases));
    vcmd_resource_destroy(compressed);
}

/* A buffer of 100 bytes. */
static const struct transfer_case buffer_cases[] = {
    {{.box = {0, 0, 0, 100, 1, 1}}, NULL},
    {{.box = {99, 0, 0, 1, 1, 1}, .offset = 99}, NULL},
    {{.box = {1, 0, 0, 100, 1, 1}}, OUTSIDE},
    {{.box = {0, 0, 0, 10, 2, 1}}, OUTSIDE},
    {{.box = {0, 0, 0, 10, 1, 2}}, OUTSIDE},
    {{.box = {0, 0, 0, 10, 1, 1}, .offset = 90}, NULL},
    {{.box = {0, 0, 0, 10, 1, 1}, .offset = 91}, BACKING},
    {{.box = {0, 0, 0, 10, 1, 1}, .level = 1}, "does not have this level"},
};

static void buffer_boxes(void **state)
{
    const struct vcmd_resource_desc desc = {.bind = VCMD_BIND_VERTEX_BUFFER, .width = 100};
    struct vcmd_resource *buffer;

    (void)state;
    assert_ok(vcmd_resource_create(device, &desc, &buffer));
    assert_ok(vcmd_context_attach(context, buffer));
    run_cases(buffer, buffer_cases, ARRAY_SIZE(buffer_cases));
    vcmd_resource_destroy(buffer);
}

/* ---- what hosts do not do as they are told ---- */

static void expect_layers(size_t first, const struct vcmd_transfer *box, uint64_t layer_stride)
{
    assert_int_equal(fake.calls[FAKE_TRANSFER], first + (size_t)box->box.d);
    for (int32_t i = 0; i < box->box.d; i++) {
        const struct vcmd_transfer *sent =
            &fake.transfers[(first + (size_t)i) % ARRAY_SIZE(fake.transfers)];

        assert_int_equal(sent->box.z, box->box.z + i);
        assert_int_equal(sent->box.d, 1);
        assert_int_equal(sent->box.x, box->box.x);
        assert_int_equal(sent->box.y, box->box.y);
        assert_int_equal(sent->box.w, box->box.w);
        assert_int_equal(sent->box.h, box->box.h);
        assert_int_equal(sent->level, box->level);
        assert_int_equal(sent->stride, box->stride);
        assert_int_equal(sent->offset, box->offset + (uint64_t)i * layer_stride);
    }
}

/* virglrenderer reads one layer at a time, whatever box.d says, and writes one face of a cube. */
static void layer_by_layer(void **state)
{
    struct vcmd_resource_desc desc = {
        .target = VCMD_TEXTURE_2D_ARRAY,
        .format = VCMD_FORMAT_R8_UNORM,
        .bind = VCMD_BIND_SAMPLER_VIEW,
        .width = 4,
        .height = 4,
        .array_size = 3,
        .backing_size = 500,
    };
    const struct vcmd_transfer tight = {.box = {1, 1, 1, 2, 2, 2}, .offset = 7};
    const struct vcmd_transfer loose = {
        .box = {0, 0, 0, 4, 4, 3}, .stride = 5, .layer_stride = 21, .offset = 7};
    const struct vcmd_transfer even = {
        .box = {0, 0, 0, 4, 4, 3}, .stride = 5, .layer_stride = 25, .offset = 7};
    struct vcmd_resource *layers;

    (void)state;
    assert_ok(vcmd_resource_create(device, &desc, &layers));
    assert_ok(vcmd_context_attach(context, layers));
    assert_ok(vcmd_transfer_from_host(context, layers, &tight));
    expect_layers(0, &tight, 16);
    assert_ok(vcmd_transfer_from_host(context, layers, &loose));
    expect_layers(2, &loose, 21);
    /* Layers of whole rows go up at once, others do not. */
    assert_ok(vcmd_transfer_to_host(context, layers, &even));
    assert_int_equal(fake.calls[FAKE_TRANSFER], 6);
    assert_int_equal(fake.transfer.box.d, 3);
    assert_int_equal(fake.transfer.layer_stride, 25);
    assert_ok(vcmd_transfer_to_host(context, layers, &loose));
    expect_layers(6, &loose, 21);
    vcmd_resource_destroy(layers);

    desc.target = VCMD_TEXTURE_CUBE;
    desc.array_size = 6;
    assert_ok(vcmd_resource_create(device, &desc, &layers));
    assert_ok(vcmd_context_attach(context, layers));
    assert_ok(vcmd_transfer_to_host(context, layers, &tight));
    expect_layers(9, &tight, 16);

    /* The first failure ends it. */
    fake.fail[FAKE_TRANSFER] = VCMD_STATUS_HOST_UNSPEC;
    assert_refused(vcmd_transfer_to_host(context, layers, &tight), VCMD_STATUS_HOST_UNSPEC,
                   "as told");
    assert_int_equal(fake.calls[FAKE_TRANSFER], 12);
    fake.fail[FAKE_TRANSFER] = VCMD_STATUS_OK;
    vcmd_resource_destroy(layers);
}

/* The device is opened anew, because caps are read then. */
static void read_back_limits(void **state)
{
    const struct vcmd_transfer part = {.box = {0, 0, 0, 16, 7, 1}};
    const struct vcmd_transfer whole = {.box = {0, 0, 0, 8, 4, 1}, .level = 1};
    const struct vcmd_transfer empty = {.box = {0, 0, 0, 0, 4, 1}};

    close_all(state);
    fake.undrawable = VCMD_FORMAT_B8G8R8A8_UNORM;
    device = fake_open();
    assert_ok(vcmd_context_create(device, "test", &context));
    assert_ok(vcmd_resource_create(device, &texture, &resource));
    assert_ok(vcmd_context_attach(context, resource));
    assert_refused(vcmd_transfer_from_host(context, resource, &part), VCMD_STATUS_UNSUPPORTED,
                   "whole layers only");
    assert_ok(vcmd_transfer_from_host(context, resource, &whole));
    assert_ok(vcmd_transfer_from_host(context, resource, NULL));
    assert_ok(vcmd_transfer_from_host(context, resource, &empty));
    assert_ok(vcmd_transfer_to_host(context, resource, &part));

    close_all(state);
    fake.unreadable = VCMD_FORMAT_B8G8R8A8_UNORM;
    device = fake_open();
    assert_ok(vcmd_context_create(device, "test", &context));
    assert_ok(vcmd_resource_create(device, &texture, &resource));
    assert_ok(vcmd_context_attach(context, resource));
    assert_refused(vcmd_transfer_from_host(context, resource, NULL), VCMD_STATUS_UNSUPPORTED,
                   "cannot read textures of this format back");
    assert_ok(vcmd_transfer_to_host(context, resource, NULL));
}

/* A box without texels is checked like any other, and nothing is sent. */
static void empty_boxes(void **state)
{
    const struct vcmd_box empty[] = {{0, 0, 0, 0, 1, 1}, {16, 8, 1, 0, 0, 0}, {0, 0, 0, 1, 0, 1}};
    struct vcmd_transfer transfer = {.stride = 1};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(empty); i++) {
        transfer.box = empty[i];
        assert_ok(vcmd_transfer_to_host(context, resource, &transfer));
        assert_ok(vcmd_transfer_from_host(context, resource, &transfer));
    }
    transfer.box = (struct vcmd_box){17, 0, 0, 0, 1, 1};
    assert_refused(vcmd_transfer_to_host(context, resource, &transfer), VCMD_STATUS_OUT_OF_RANGE,
                   OUTSIDE);
    assert_int_equal(fake.calls[FAKE_TRANSFER], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(null_arguments, open_all, close_all),
        cmocka_unit_test_setup_teardown(not_attached, open_all, close_all),
        cmocka_unit_test_setup_teardown(passed_on, open_all, close_all),
        cmocka_unit_test_setup_teardown(transport_fails, open_all, close_all),
        cmocka_unit_test_setup_teardown(texture_boxes, open_all, close_all),
        cmocka_unit_test_setup_teardown(array_boxes, open_all, close_all),
        cmocka_unit_test_setup_teardown(block_boxes, open_all, close_all),
        cmocka_unit_test_setup_teardown(buffer_boxes, open_all, close_all),
        cmocka_unit_test_setup_teardown(layer_by_layer, open_all, close_all),
        cmocka_unit_test_setup_teardown(read_back_limits, open_all, close_all),
        cmocka_unit_test_setup_teardown(empty_boxes, open_all, close_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
