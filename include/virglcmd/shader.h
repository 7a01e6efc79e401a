/* SPDX-License-Identifier: MIT */
#ifndef VIRGLCMD_SHADER_H
#define VIRGLCMD_SHADER_H

#include <virglcmd/objects.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Shaders are TGSI assembly, as text. A text that does not fit one packet goes over several; these
 * functions do the splitting. For single packets see vcmd_create_shader_packet.
 */
struct vcmd_create_shader {
    uint32_t handle;     /* not 0 */
    uint32_t type;       /* enum vcmd_shader_type */
    const char *text;    /* TGSI, ended by NUL; read during the call only */
    uint32_t num_tokens; /* how many TGSI tokens the host makes room for; 0: as many as suffice
                            for any text of that length */

    /* Stream output, for the stage before the rasteriser. Zero for none. */
    uint32_t num_outputs; /* 0 to 64 */
    uint32_t stride[4];   /* of each buffer: size of one captured vertex, in dwords */
    const struct vcmd_stream_output *outputs;

    uint32_t req_local_mem; /* compute only: bytes of shared memory */
};

/*
 * Appends all packets of a shader, or nothing. Returns the buffer's status.
 * Compute shaders have no outputs, other shaders no local memory: else VCMD_STATUS_OUT_OF_RANGE.
 */
enum vcmd_status vcmd_create_shader(struct vcmd_buffer *buf, const struct vcmd_create_shader *args);

/* Dwords that vcmd_create_shader appends; 0 for arguments that it refuses. */
size_t vcmd_create_shader_dwords(const struct vcmd_create_shader *args);

/*
 * For a text longer than the buffer: appends what fits, beginning at byte *offset of the text, and
 * moves *offset on. Start with 0; submit and reset the buffer, and call again with the same
 * arguments until *offset is over the length of the text. The packets of one shader must reach the
 * host in order, without another new shader of the same stage between them.
 * VCMD_STATUS_BUFFER_FULL, which does not stick here: not even one packet with some text fits.
 */
enum vcmd_status vcmd_create_shader_some(struct vcmd_buffer *buf,
                                         const struct vcmd_create_shader *args, size_t *offset);

#ifdef __cplusplus
}
#endif

#endif
