/* SPDX-License-Identifier: MIT */

/*
 * Mistakes, and what one hears of them: from the encoder, which refuses before anything is sent;
 * from the host, which may end a context for it; or nothing at all. Each in a context of its own,
 * followed by a right command, to see whether the context lives on.
 *
 * What is heard depends on the transport: this is the loopback, which tells all it can get at. A
 * device under QEMU answers "success" to every submit that reaches the host.
 */
#include "common/record.h"
#include "common/scene.h"
#include "common/transports.h"
#include <stdio.h>

#define NOBODY 4711u /* no resource and no object has this number */

/* Told in the order of things, on the same stream as the rest; until there is a device, as ever. */
static void print_log(void *device, enum vcmd_log_level level, enum vcmd_status code,
                      const char *text)
{
    static const char *const levels[] = {"error", "warning", "info"};

    if (!*(struct vcmd_device **)device)
        example_log("error", level, code, text);
    else if (level != VCMD_LOG_INFO)
        printf("  log, %s: %s\n", levels[level], text);
}

static void draw_nonsense(struct vcmd_buffer *buf)
{
    const struct vcmd_draw_vbo draw = {.mode = 99, .count = 3, .instance_count = 1};

    vcmd_draw_vbo(buf, &draw);
    encode_clear(buf, 1, 0, 0); /* too late: the first error sticks */
}

static void overflow(struct vcmd_buffer *buf)
{
    static const uint32_t constants[1000];

    vcmd_set_constant_buffer(
        buf, &(struct vcmd_set_constant_buffer){
                 .shader_type = VCMD_SHADER_VERTEX, .num_dwords = 1000, .data = constants});
}

static void draw_to_nowhere(struct vcmd_buffer *buf)
{
    vcmd_create_surface(buf, &(struct vcmd_create_surface){.handle = SCENE_SURFACE,
                                                           .res_handle = NOBODY,
                                                           .format = VCMD_FORMAT_B8G8R8A8_UNORM});
}

static void break_shader(struct vcmd_buffer *buf)
{
    vcmd_create_shader(buf, &(struct vcmd_create_shader){.handle = SCENE_VERTEX,
                                                         .type = VCMD_SHADER_VERTEX,
                                                         .text = "VERT\n"
                                                                 "DCL OUT[0], POSITION\n"
                                                                 "  0: MOVE OUT[0], IN[0]\n"
                                                                 "  1: END\n"});
}

static void draw_without_state(struct vcmd_buffer *buf)
{
    encode_draw(buf, VCMD_PRIM_TRIANGLES, 0, 3);
}

static void bind_nothing(struct vcmd_buffer *buf)
{
    vcmd_bind_shader(buf, &(struct vcmd_bind_shader){NOBODY, VCMD_SHADER_VERTEX});
}

static const struct {
    const char *title;
    void (*encode)(struct vcmd_buffer *buf);
} mistakes[] = {
    {"a primitive that does not exist", draw_nonsense},
    {"more than the buffer holds", overflow},
    {"a surface of a resource that does not exist", draw_to_nowhere},
    {"a shader with an instruction that does not exist", break_shader},
    {"a draw with nothing bound", draw_without_state},
    {"a shader that does not exist is bound", bind_nothing},
};

static void submit(struct vcmd_context *context, struct vcmd_buffer *buf, const char *what)
{
    enum vcmd_status status = vcmd_submit(context, buf, NULL);

    printf("  %s: %s (status %d)\n", what, vcmd_status_string(status), (int)status);
}

static enum vcmd_status make_mistake(struct vcmd_device *device, size_t number)
{
    struct vcmd_context *context;
    struct vcmd_buffer buf;
    uint32_t memory[256];
    char text[256];

    EXAMPLE_TRY(vcmd_context_create(device, "error", &context));
    vcmd_buffer_init(&buf, memory, 256, VCMD_BUFFER_HEADROOM);
    printf("%s\n", mistakes[number].title);

    mistakes[number].encode(&buf);
    if (buf.error.status != VCMD_STATUS_OK) { /* nothing needs this: submit looks as well */
        vcmd_error_format(&buf.error, text, sizeof(text));
        printf("  encoder: %s\n", text);
    }
    submit(context, &buf, "submit");

    vcmd_buffer_reset(&buf); /* forgets the error as well */
    vcmd_set_blend_color(&buf, &(struct vcmd_set_blend_color){.color = {1, 1, 1, 1}});
    submit(context, &buf, "a right one then");

    /* The way out of a dead context, and the only one. */
    vcmd_context_destroy(context);
    return VCMD_STATUS_OK;
}

static enum vcmd_status run(const struct example_options *options, struct vcmd_device **device)
{
    const struct vcmd_device_desc desc = {
        .transports = example_transports(),
        .transport = options->transport,
        .options = options->options,
        .log = print_log,
        .log_user = device,
        .wrappers = example_recorder(options, "error"),
        .num_wrappers = options->record ? 1 : 0,
    };

    EXAMPLE_TRY(vcmd_device_open(&desc, device));
    for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++)
        EXAMPLE_TRY(make_mistake(*device, i));
    return VCMD_STATUS_OK;
}

int main(int argc, char **argv)
{
    struct example_options options = {0};
    struct vcmd_device *device = NULL;
    enum vcmd_status status;

    example_parse_options(&options, argc, argv, "Makes mistakes, and prints what it hears.", NULL);
    status = run(&options, &device);
    vcmd_device_close(device);
    return example_exit_status("error", status);
}
