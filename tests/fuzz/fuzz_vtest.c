/* SPDX-License-Identifier: MIT */

/*
 * What a server may answer to the vtest transport: anything. The input is what a mock server says
 * (tests/vtest/mock.c), in pieces: a byte n, then n bytes as they are, or one of the descriptors
 * below. Its first byte chooses the version to ask for, and whether the handshake is a good one and
 * not part of the input (bit 7). vtest_seeds.py writes good inputs.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <virglcmd/device.h>
#include <virglcmd/enums.h>
#include <virglcmd/virglcmd.h>
#include <virglcmd/vtest.h>

#include "mock.h"

enum { MEMORY = 0xf0, NO_MEMORY, NULL_DEVICE, TWO };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void say(const uint8_t *data, size_t size)
{
    size_t at = 0;

    while (at < size) {
        size_t length = data[at++];

        if (length == MEMORY) {
            mock_memory(65536);
        } else if (length == NO_MEMORY) {
            mock_memory(0);
        } else if (length == NULL_DEVICE) {
            mock_null();
        } else if (length == TWO) {
            mock_two(65536);
        } else {
            if (length > size - at)
                length = size - at;
            mock_bytes(data + at, length);
            at += length;
        }
    }
    mock_hang_up();
}

/* A good handshake, with an old capset. */
static void say_hello(uint32_t version)
{
    static const uint8_t caps[308] = {1};
    const uint32_t hello[] = {0, 10, 1, 7, 0, 1, 11, version};
    const uint32_t old[2] = {309, 1}, new[3] = {78, 16, 1}, none[3] = {1, 16, 0};

    mock_dwords(hello, 8);
    mock_dwords(version < 3 ? old : new, version < 3 ? 2 : 3);
    mock_bytes(caps, sizeof(caps));
    for (int i = 0; version >= 3 && i < 2; i++)
        mock_dwords(none, 3);
}

/* Every operation whose answer comes from the server. */
static void use(struct vcmd_device *device)
{
    const struct vcmd_resource_desc descs[] = {
        {.target = VCMD_TEXTURE_2D,
         .format = VCMD_FORMAT_B8G8R8A8_UNORM,
         .bind = VCMD_BIND_RENDER_TARGET,
         .width = 8,
         .height = 8},
        {.target = VCMD_TEXTURE_2D,
         .format = VCMD_FORMAT_B8G8R8A8_UNORM,
         .bind = VCMD_BIND_RENDER_TARGET,
         .width = 4,
         .height = 4,
         .flags = VCMD_RESOURCE_Y_0_TOP},
    };
    struct vcmd_context *context = NULL;
    uint32_t memory[16];
    struct vcmd_buffer buf;
    uint64_t fence;

    vcmd_buffer_init(&buf, memory, 16, 0);
    vcmd_set_sub_ctx(&buf, &(struct vcmd_set_sub_ctx){.sub_ctx_id = 0});
    if (vcmd_context_create(device, "fuzz", &context) != VCMD_STATUS_OK)
        return;
    for (size_t i = 0; i < 2; i++) {
        const struct vcmd_transfer part = {.box = {0, 0, 0, 2, 2, 1}, .stride = 8};
        struct vcmd_resource *resource;
        size_t bytes;
        void *mapped;

        if (vcmd_resource_create(device, &descs[i], &resource) != VCMD_STATUS_OK)
            continue;
        if (vcmd_resource_map(resource, &mapped, &bytes) == VCMD_STATUS_OK)
            memset(mapped, 1, bytes);
        vcmd_context_attach(context, resource);
        vcmd_transfer_to_host(context, resource, NULL);
        vcmd_transfer_from_host(context, resource, NULL);
        vcmd_transfer_from_host(context, resource, &part);
        if (vcmd_submit(context, &buf, &fence) == VCMD_STATUS_OK)
            vcmd_fence_wait(device, fence, 0);
        vcmd_resource_destroy(resource);
    }
    vcmd_context_destroy(context);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct vcmd_transport *const transports[] = {vcmd_vtest_transport(), NULL};
    char options[64];
    struct vcmd_device_desc desc = {.transports = transports, .options = options};
    struct vcmd_device *device;
    int before;

    if (size < 1 || size > 8192)
        return 0;
    snprintf(options, sizeof(options), "socket=mock,timeout=1,version=%d", data[0] & 3);
    before = mock_count_fds();
    mock_begin();
    if (data[0] & 0x80)
        say_hello(data[0] & 3);
    say(data + 1, size - 1);
    if (vcmd_device_open(&desc, &device) == VCMD_STATUS_OK) {
        use(device);
        vcmd_device_close(device);
    }
    mock_end();
    if (mock_count_fds() != before) {
        (void)fprintf(stderr, "descriptors have leaked\n");
        abort();
    }
    return 0;
}
