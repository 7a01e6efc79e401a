/* SPDX-License-Identifier: MIT */
/*
 * Writes the capability sets that the virglrenderer of this machine fills, as they are:
 *
 *     cc capture_capset.c -o capture_capset $(pkg-config --cflags --libs virglrenderer)
 *     ./capture_capset capset1.bin capset2.bin
 *
 * Not needed to run the tests. See README.md for the bytes that lie here.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <virglrenderer.h>

static void write_fence(void *cookie, uint32_t fence)
{
    (void)cookie;
    (void)fence;
}

static int capture(uint32_t set, const char *path)
{
    uint32_t version = 0, size = 0;
    void *bytes;
    FILE *file;
    int failed;

    virgl_renderer_get_cap_set(set, &version, &size);
    bytes = calloc(1, size != 0 ? size : 1);
    file = fopen(path, "wb");
    if (size == 0 || bytes == NULL || file == NULL)
        return 1;
    virgl_renderer_fill_caps(set, version, bytes);
    failed = fwrite(bytes, 1, size, file) != size;
    failed |= fclose(file) != 0;
    free(bytes);
    (void)printf("%s: capset %u, version %u, %u bytes\n", path, set, version, size);
    return failed;
}

int main(int argc, char **argv)
{
    static int cookie;
    static struct virgl_renderer_callbacks callbacks = {.version = 1, .write_fence = write_fence};
    int failed;

    if (argc != 3)
        return 2;
    if (virgl_renderer_init(&cookie, VIRGL_RENDERER_USE_EGL | VIRGL_RENDERER_USE_SURFACELESS,
                            &callbacks) != 0)
        return 1;
    failed = capture(1, argv[1]) || capture(2, argv[2]);
    virgl_renderer_cleanup(&cookie);
    return failed;
}
