/* SPDX-License-Identifier: MIT */
#include <virglcmd/virglcmd.h>

#include "texts.h"

static const char vertex[] = "VERT\n"
                             "DCL IN[0]\n"
                             "DCL OUT[0], POSITION\n"
                             "  0: MOV OUT[0], IN[0]\n"
                             "  1: END\n";

static const char fragment[] = "FRAG\n"
                               "DCL OUT[0], COLOR\n"
                               "IMM[0] FLT32 {0.5, 0.25, 0.0, 1.0}\n"
                               "  0: MOV OUT[0], IMM[0]\n"
                               "  1: END\n";

static const char geometry[] = "GEOM\n"
                               "PROPERTY GS_INPUT_PRIMITIVE TRIANGLES\n"
                               "PROPERTY GS_OUTPUT_PRIMITIVE TRIANGLE_STRIP\n"
                               "PROPERTY GS_MAX_OUTPUT_VERTICES 3\n"
                               "PROPERTY GS_INVOCATIONS 1\n"
                               "DCL IN[][0], POSITION\n"
                               "DCL OUT[0], POSITION\n"
                               "IMM[0] UINT32 {0, 0, 0, 0}\n"
                               "  0: MOV OUT[0], IN[0][0]\n"
                               "  1: EMIT IMM[0].xxxx\n"
                               "  2: END\n";

static const char control[] = "TESS_CTRL\n"
                              "PROPERTY TCS_VERTICES_OUT 3\n"
                              "DCL IN[][0], GENERIC[0]\n"
                              "DCL SV[0], INVOCATIONID\n"
                              "DCL OUT[0], TESSOUTER\n"
                              "DCL OUT[1].xy, TESSINNER\n"
                              "DCL OUT[][2], POSITION\n"
                              "DCL ADDR[0]\n"
                              "IMM[0] FLT32 {1.0, 1.0, 1.0, 1.0}\n"
                              "  0: MOV OUT[0], IMM[0]\n"
                              "  1: MOV OUT[1].xy, IMM[0]\n"
                              "  2: UARL ADDR[0].x, SV[0].xxxx\n"
                              "  3: MOV OUT[ADDR[0].x][2], IN[0][0]\n"
                              "  4: END\n";

static const char evaluation[] = "TESS_EVAL\n"
                                 "PROPERTY TES_PRIM_MODE 4\n"
                                 "PROPERTY TES_SPACING 2\n"
                                 "PROPERTY TES_VERTEX_ORDER_CW 0\n"
                                 "PROPERTY TES_POINT_MODE 0\n"
                                 "DCL IN[][0], POSITION\n"
                                 "DCL OUT[0], POSITION\n"
                                 "  0: MOV OUT[0], IN[0][0]\n"
                                 "  1: END\n";

static const char compute[] = "COMP\n"
                              "PROPERTY CS_FIXED_BLOCK_WIDTH 4\n"
                              "PROPERTY CS_FIXED_BLOCK_HEIGHT 1\n"
                              "PROPERTY CS_FIXED_BLOCK_DEPTH 1\n"
                              "  0: END\n";

const char *parity_shader_text(uint32_t stage)
{
    static const char *const texts[] = {vertex, fragment, geometry, control, evaluation, compute};

    return stage < sizeof(texts) / sizeof(texts[0]) ? texts[stage] : vertex;
}
