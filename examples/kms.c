/* SPDX-License-Identifier: MIT */

/*
 * The gears on the screen of a Linux guest, without a window system: two pictures that the host
 * draws are shown in turns, by page flips of the kernel's mode setting (KMS). No pixel passes
 * through the guest. It takes the DRM transport, a virtio-gpu device, and nobody else on the
 * screen.
 *
 * When the last frame is shown the program reads its standard input to the end, and then gives the
 * screen back.
 */
#include "common/report.h"
#include "gears_scene.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <virglcmd/drm.h>

#include <drm_fourcc.h>
#include <xf86drm.h>
#include <xf86drmMode.h>

struct screen {
    int fd; /* the card; -1: none */
    uint32_t connector, crtc;
    drmModeModeInfo mode;
    drmModeCrtc *before; /* what was shown */
    uint32_t framebuffers[GEARS_MAX_COLORS];
    bool shown; /* the last flip has happened */
};

static enum vcmd_status complain(const char *what)
{
    fprintf(stderr, "kms: %s: %s\n", what, strerror(errno));
    return VCMD_STATUS_NO_DEVICE;
}

static enum vcmd_status lack(const char *what)
{
    fprintf(stderr, "kms: %s\n", what);
    return VCMD_STATUS_NO_DEVICE;
}

/* ---- the screen ---- */

/* Rendering goes through the render node; the card is the other node of the same device. */
static enum vcmd_status open_card(struct screen *screen, int render_fd)
{
    drmDevicePtr device;

    if (drmGetDevice2(render_fd, 0, &device) != 0)
        return complain("asking for the nodes of the device");
    if (device->available_nodes & (1 << DRM_NODE_PRIMARY))
        screen->fd = open(device->nodes[DRM_NODE_PRIMARY], O_RDWR | O_CLOEXEC);
    drmFreeDevice(&device);
    return screen->fd < 0 ? complain("opening the card") : VCMD_STATUS_OK;
}

static bool take_connector(struct screen *screen, uint32_t id)
{
    drmModeConnector *connector = drmModeGetConnector(screen->fd, id);
    bool connected = connector && connector->connection == DRM_MODE_CONNECTED &&
                     connector->count_modes > 0 && connector->count_encoders > 0;

    if (connected) {
        screen->connector = id;
        screen->mode = connector->modes[0]; /* the one that the display prefers comes first */
    }
    drmModeFreeConnector(connector);
    return connected;
}

static enum vcmd_status find_screen(struct screen *screen)
{
    drmModeRes *resources = drmModeGetResources(screen->fd);
    bool found = false;

    if (!resources)
        return complain("asking for the screens");
    /* The n-th output of a virtio-gpu device has the n-th CRTC. */
    for (int i = 0; i < resources->count_connectors && i < resources->count_crtcs && !found; i++) {
        found = take_connector(screen, resources->connectors[i]);
        screen->crtc = resources->crtcs[i];
    }
    drmModeFreeResources(resources);
    if (!found)
        return lack("no screen is connected");
    screen->before = drmModeGetCrtc(screen->fd, screen->crtc);
    return VCMD_STATUS_OK;
}

/* ---- the pictures as framebuffers ---- */

static enum vcmd_status add_framebuffer(struct screen *screen, const struct gears *gears,
                                        uint32_t index)
{
    uint32_t handles[4] = {0}, pitches[4] = {gears->width * 4}, offsets[4] = {0};
    struct drm_gem_close close_args;
    int dma_buf, result;

    EXAMPLE_TRY(vcmd_drm_resource_export(gears->color[index], &dma_buf));
    result = drmPrimeFDToHandle(screen->fd, dma_buf, &handles[0]);
    close(dma_buf);
    if (result != 0)
        return complain("handing a picture to the card");
    result = drmModeAddFB2(screen->fd, gears->width, gears->height, DRM_FORMAT_XRGB8888, handles,
                           pitches, offsets, &screen->framebuffers[index], 0);
    if (result != 0)
        (void)complain("making a framebuffer");
    /* The framebuffer holds the picture. */
    close_args = (struct drm_gem_close){.handle = handles[0]};
    (void)drmIoctl(screen->fd, DRM_IOCTL_GEM_CLOSE, &close_args);
    return result == 0 ? VCMD_STATUS_OK : VCMD_STATUS_NO_DEVICE;
}

/* ---- showing ---- */

static void on_flip(int fd, unsigned int sequence, unsigned int seconds, unsigned int microseconds,
                    void *user)
{
    (void)fd;
    (void)sequence;
    (void)seconds;
    (void)microseconds;
    ((struct screen *)user)->shown = true;
}

static enum vcmd_status wait_for_flip(struct screen *screen)
{
    drmEventContext events = {.version = 2, .page_flip_handler = on_flip};
    struct pollfd wanted = {.fd = screen->fd, .events = POLLIN};

    while (!screen->shown) {
        if (poll(&wanted, 1, 5000) <= 0)
            return lack("the screen does not flip");
        if (drmHandleEvent(screen->fd, &events) != 0)
            return complain("reading the card's events");
    }
    return VCMD_STATUS_OK;
}

static enum vcmd_status show(struct screen *screen, uint32_t frame)
{
    uint32_t framebuffer = screen->framebuffers[frame % GEARS_MAX_COLORS];

    if (frame == 0) {
        if (drmModeSetCrtc(screen->fd, screen->crtc, framebuffer, 0, 0, &screen->connector, 1,
                           &screen->mode) != 0)
            return complain("taking the screen, which takes root or a console of one's own");
        return VCMD_STATUS_OK;
    }
    screen->shown = false;
    if (drmModePageFlip(screen->fd, screen->crtc, framebuffer, DRM_MODE_PAGE_FLIP_EVENT, screen) !=
        0)
        return complain("page flip");
    return wait_for_flip(screen);
}

static void wait_for_input(void)
{
    char bytes[256];

    while (read(STDIN_FILENO, bytes, sizeof(bytes)) > 0)
        continue;
}

static enum vcmd_status run(struct gears *gears, struct screen *screen,
                            const struct example_options *options, uint32_t frames)
{
    EXAMPLE_TRY(gears_open(gears, "kms", options));
    EXAMPLE_TRY(open_card(screen, vcmd_drm_context_fd(gears->context)));
    EXAMPLE_TRY(find_screen(screen));
    gears->width = screen->mode.hdisplay;
    gears->height = screen->mode.vdisplay;
    EXAMPLE_TRY(gears_create(gears));
    for (uint32_t i = 0; i < GEARS_MAX_COLORS; i++)
        EXAMPLE_TRY(add_framebuffer(screen, gears, i));
    for (uint32_t frame = 0; frame < frames; frame++) {
        EXAMPLE_TRY(gears_draw(gears, frame));
        EXAMPLE_TRY(show(screen, frame));
    }
    printf("frame %u is on the screen, %ux%u\n", frames - 1, gears->width, gears->height);
    (void)fflush(stdout);
    wait_for_input();
    return VCMD_STATUS_OK;
}

static void give_back(struct screen *screen)
{
    const drmModeCrtc *before = screen->before;

    if (before && before->buffer_id)
        (void)drmModeSetCrtc(screen->fd, before->crtc_id, before->buffer_id, before->x, before->y,
                             &screen->connector, 1, &screen->before->mode);
    for (uint32_t i = 0; i < GEARS_MAX_COLORS; i++) {
        if (screen->framebuffers[i])
            (void)drmModeRmFB(screen->fd, screen->framebuffers[i]);
    }
    if (screen->before)
        drmModeFreeCrtc(screen->before);
    if (screen->fd >= 0)
        close(screen->fd);
}

int main(int argc, char **argv)
{
    struct example_options options = {.transport = "drm"};
    uint32_t frames = 1;
    const struct example_number number = {
        "frames", "how many to show; the last one stays, default 1", 1, 1000000, &frames};
    struct gears gears = {
        .num_colors = GEARS_MAX_COLORS,
        .color_bind = VCMD_BIND_SCANOUT | VCMD_BIND_SAMPLER_VIEW,
        .color_flags = VCMD_RESOURCE_Y_0_TOP, /* row 0 of a screen is on top */
    };
    struct screen screen = {.fd = -1};
    int exit_status;

    example_parse_options(&options, argc, argv, "Shows the gears on the screen of a Linux guest.",
                          &number);
    exit_status = example_exit_status("kms", run(&gears, &screen, &options, frames));
    give_back(&screen);
    gears_close(&gears);
    return exit_status;
}
