/* SPDX-License-Identifier: MIT */
#ifndef VIRGLCMD_PRINT_H
#define VIRGLCMD_PRINT_H

#include <virglcmd/decode.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Command streams as text that <virglcmd/assemble.h> reads back, to the same dwords whatever they
 * are. docs/assembler.md has the grammar.
 *
 *     CREATE_OBJECT.SURFACE handle=7 res_handle=3 format=B8G8R8A8_UNORM
 *     DRAW_VBO count=3 mode=TRIANGLES instance_count=1
 *
 * A packet is one line with the values that are not 0, or, with VCMD_PRINT_FULL, a line for its
 * name and one for each field. What is not as the description has it stands behind the fields:
 * @size=14 for another size, @13=0x1 for a dword. A packet that cannot be decoded is printed as
 * RAW with its dwords, and the reason as a comment.
 */
enum {
    VCMD_PRINT_FULL = 1,     /* every field, on a line of its own */
    VCMD_PRINT_DWORDS = 2,   /* with FULL: the number of the dword as a comment */
    VCMD_PRINT_POSITIONS = 4 /* of streams: a comment in front of each packet says where it is */
};

/* Gets the text piece by piece; it has no NUL. */
typedef void (*vcmd_text_fn)(void *user, const char *text, size_t length);

/*
 * Prints the packet at dwords, with a newline at its end; length may reach beyond it. Returns its
 * dwords; at the end of a stream that is cut off, those that are left; 0 when length is 0.
 */
size_t vcmd_print_packet(const uint32_t *dwords, size_t length, unsigned int flags,
                         vcmd_text_fn text, void *user);

/* Prints all packets of a stream. */
void vcmd_print_stream(const uint32_t *dwords, size_t length, unsigned int flags, vcmd_text_fn text,
                       void *user);

/* Prints a control request or response of size bytes in the same way. It is not read back. */
void vcmd_print_control(const void *bytes, size_t size, unsigned int flags, vcmd_text_fn text,
                        void *user);

/*
 * Prints value number i of a field, as the functions above do: "TRIANGLES", "RGBA", "0.5". Text and
 * data as a whole.
 */
void vcmd_print_value(const struct vcmd_field *field, size_t i, vcmd_text_fn text, void *user);

#ifdef __cplusplus
}
#endif

#endif
