/* SPDX-License-Identifier: MIT */
#ifndef EXAMPLES_GEARS_SHADERS_H
#define EXAMPLES_GEARS_SHADERS_H

/* The shaders of gears.c, in TGSI. */

/*
 * Constants 0 to 3: to clip space; 4 to 7: to the eye's space, where the light is. Both as rows.
 * A gear is only moved and turned, so that the same rows turn normals.
 */
static const char vertex_text[] = "VERT\n"
                                  "DCL IN[0]\n"
                                  "DCL IN[1]\n"
                                  "DCL OUT[0], POSITION\n"
                                  "DCL OUT[1], GENERIC[0]\n"
                                  "DCL OUT[2], GENERIC[1]\n"
                                  "DCL CONST[0..7]\n"
                                  "  0: DP4 OUT[0].x, IN[0], CONST[0]\n"
                                  "  1: DP4 OUT[0].y, IN[0], CONST[1]\n"
                                  "  2: DP4 OUT[0].z, IN[0], CONST[2]\n"
                                  "  3: DP4 OUT[0].w, IN[0], CONST[3]\n"
                                  "  4: DP4 OUT[1].x, IN[0], CONST[4]\n"
                                  "  5: DP4 OUT[1].y, IN[0], CONST[5]\n"
                                  "  6: DP4 OUT[1].z, IN[0], CONST[6]\n"
                                  "  7: DP4 OUT[1].w, IN[0], CONST[7]\n"
                                  "  8: DP3 OUT[2].x, IN[1], CONST[4]\n"
                                  "  9: DP3 OUT[2].y, IN[1], CONST[5]\n"
                                  " 10: DP3 OUT[2].z, IN[1], CONST[6]\n"
                                  " 11: MOV OUT[2].w, CONST[7].xxxx\n"
                                  " 12: END\n";

/*
 * Light that comes from a point, in the eye's space. Constant 0: the gear's colour; 1: the light.
 * TEMP[0] is the normal, TEMP[1] points to the light. IMM[0]: ambient, diffuse, nothing.
 */
static const char fragment_text[] = "FRAG\n"
                                    "DCL IN[0], GENERIC[0], PERSPECTIVE\n"
                                    "DCL IN[1], GENERIC[1], PERSPECTIVE\n"
                                    "DCL OUT[0], COLOR\n"
                                    "DCL CONST[0..1]\n"
                                    "DCL TEMP[0..1]\n"
                                    "IMM[0] FLT32 { 0.2200, 0.8500, 0.0000, 0.0000 }\n"
                                    "  0: DP3 TEMP[0].w, IN[1], IN[1]\n"
                                    "  1: RSQ TEMP[0].w, TEMP[0].wwww\n"
                                    "  2: MUL TEMP[0].xyz, IN[1], TEMP[0].wwww\n"
                                    "  3: ADD TEMP[1].xyz, CONST[1], -IN[0]\n"
                                    "  4: DP3 TEMP[1].w, TEMP[1], TEMP[1]\n"
                                    "  5: RSQ TEMP[1].w, TEMP[1].wwww\n"
                                    "  6: MUL TEMP[1].xyz, TEMP[1], TEMP[1].wwww\n"
                                    "  7: DP3 TEMP[0].x, TEMP[0], TEMP[1]\n"
                                    "  8: MAX TEMP[0].x, TEMP[0].xxxx, IMM[0].zzzz\n"
                                    "  9: MAD TEMP[0].x, TEMP[0].xxxx, IMM[0].yyyy, IMM[0].xxxx\n"
                                    " 10: MUL_SAT OUT[0].xyz, CONST[0], TEMP[0].xxxx\n"
                                    " 11: MOV OUT[0].w, CONST[0].wwww\n"
                                    " 12: END\n";

#endif
