/* SPDX-License-Identifier: MIT */

/*
 * A compute shader over a storage buffer, and the proof that it computes. The question is Collatz':
 * halve an even number, triple an odd one and add 1; how many steps down to 1? Each invocation
 * answers it for one number of the buffer, in place.
 */
#include "common/scene.h"
#include <stdio.h>

#define BLOCK 64             /* invocations in a work group, as the shader says */
#define COUNT (157u * BLOCK) /* the numbers 1 to 10048 */

enum { SHADER = SCENE_OBJECTS };

/*
 * TEMP[0]: x the index of this invocation, y its place in the buffer in bytes.
 * TEMP[1]: x the number, y the steps so far. TEMP[2]: for the moment.
 */
static const char shader_text[] =
    "COMP\n"
    "PROPERTY CS_FIXED_BLOCK_WIDTH 64\n"
    "PROPERTY CS_FIXED_BLOCK_HEIGHT 1\n"
    "PROPERTY CS_FIXED_BLOCK_DEPTH 1\n"
    "DCL SV[0], THREAD_ID\n"
    "DCL SV[1], BLOCK_ID\n"
    "DCL BUFFER[0]\n"
    "DCL TEMP[0..2]\n"
    "IMM[0] UINT32 {64, 4, 2, 3}\n"
    "IMM[1] UINT32 {0, 1, 0, 0}\n"
    "  0: UMAD TEMP[0].x, SV[1].xxxx, IMM[0].xxxx, SV[0].xxxx\n"
    "  1: UMUL TEMP[0].y, TEMP[0].xxxx, IMM[0].yyyy\n"
    "  2: LOAD TEMP[1].x, BUFFER[0], TEMP[0].yyyy\n"
    "  3: MOV TEMP[1].y, IMM[1].xxxx\n"
    "  4: BGNLOOP\n"
    "  5:   USLT TEMP[2].x, TEMP[1].xxxx, IMM[0].zzzz\n"
    "  6:   UIF TEMP[2].xxxx\n"
    "  7:     BRK\n"
    "  8:   ENDIF\n"
    "  9:   AND TEMP[2].x, TEMP[1].xxxx, IMM[1].yyyy\n"
    " 10:   UMAD TEMP[2].y, TEMP[1].xxxx, IMM[0].wwww, IMM[1].yyyy\n"
    " 11:   USHR TEMP[2].z, TEMP[1].xxxx, IMM[1].yyyy\n"
    " 12:   UCMP TEMP[1].x, TEMP[2].xxxx, TEMP[2].yyyy, TEMP[2].zzzz\n"
    " 13:   UADD TEMP[1].y, TEMP[1].yyyy, IMM[1].yyyy\n"
    " 14: ENDLOOP\n"
    " 15: STORE BUFFER[0].x, TEMP[0].yyyy, TEMP[1].yyyy\n"
    " 16: END\n";

static enum vcmd_status compute(struct scene *s, struct vcmd_resource *buffer)
{
    const struct vcmd_shader_buffer binding = {.res_handle = vcmd_resource_id(buffer),
                                               .length = COUNT * (uint32_t)sizeof(uint32_t)};
    const struct vcmd_launch_grid launch = {
        .block = {BLOCK, 1, 1}, /* the host goes by the shader's properties */
        .grid = {COUNT / BLOCK, 1, 1},
    };

    encode_shader(&s->buf, SHADER, VCMD_SHADER_COMPUTE, shader_text);
    vcmd_set_shader_buffers(&s->buf,
                            &(struct vcmd_set_shader_buffers){VCMD_SHADER_COMPUTE, 0, 1, &binding});
    vcmd_launch_grid(&s->buf, &launch);
    /* All kinds of access: hosts know no bit for transfers alone. */
    vcmd_memory_barrier(&s->buf, &(struct vcmd_memory_barrier){VCMD_BARRIER_ALL});
    EXAMPLE_TRY(scene_submit(s));
    return vcmd_transfer_from_host(s->context, buffer, NULL);
}

static uint32_t steps_to_1(uint32_t number)
{
    uint32_t steps = 0;

    for (; number > 1; steps++)
        number = number % 2 ? 3 * number + 1 : number / 2;
    return steps;
}

static enum vcmd_status check(const uint32_t *memory)
{
    uint32_t longest = 1, most = 0, right = 0;

    for (uint32_t number = 1; number <= COUNT; number++) {
        uint32_t steps = memory[number - 1];

        if (steps == steps_to_1(number))
            right++;
        if (steps > most) {
            most = steps;
            longest = number;
        }
    }
    printf("%u of %u answers are right\n", right, COUNT);
    printf("the longest way has %u: %u steps\n", longest, most);
    return right == COUNT ? VCMD_STATUS_OK : VCMD_STATUS_HOST_BAD_RESPONSE;
}

static enum vcmd_status run(struct scene *s)
{
    static uint32_t numbers[COUNT];
    struct vcmd_resource *buffer;
    void *memory;

    EXAMPLE_TRY(scene_open(s));
    EXAMPLE_TRY(
        scene_need(s, s->caps.capability_bits & VCMD_CAP_COMPUTE_SHADER, "compute shaders"));
    EXAMPLE_TRY(scene_need(s, s->caps.max_shader_buffer_frag_compute > 0, "storage buffers"));
    for (uint32_t i = 0; i < COUNT; i++)
        numbers[i] = i + 1;
    EXAMPLE_TRY(scene_create_buffer(s, VCMD_BIND_SHADER_BUFFER, numbers, sizeof(numbers), &buffer));
    EXAMPLE_TRY(compute(s, buffer));
    EXAMPLE_TRY(vcmd_resource_map(buffer, &memory, NULL));
    return check(memory);
}

int main(int argc, char **argv)
{
    struct scene s = {.name = "compute"};

    example_parse_options(&s.options, argc, argv, "Computes 10048 answers on the host.", NULL);
    return scene_end(&s, run(&s));
}
