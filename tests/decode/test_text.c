/* SPDX-License-Identifier: MIT */
#include "../../src/print/decimal.h"
#include "support.h"

/* The words of the text, and what the assembler says of bad ones. */

static void check_print(const uint32_t *wire, size_t count, unsigned int flags, const char *wanted)
{
    uint32_t *memory = exact_copy(wire, count);
    struct text text = {NULL, 0, 0};

    for (size_t i = 0; i < count; i++)
        memory[i] = vcmd_le32(wire[i]);
    vcmd_print_stream(memory, count, flags, text_add, &text);
    text_add(&text, "", 1);
    assert_string_equal(text.at, wanted);
    free(text.at);
    free(memory);
}

/* Dwords written by hand, from the protocol's headers. */
static void test_print(void **state)
{
    static const uint32_t draw[] = {0x000c0008, 0, 3, 4, 0, 1, 0xffffffff, 0, 0, 0, 0, 2, 0};
    static const uint32_t blend[] = {0x000b0101, 5, 1, 0, 0x78000000, 0, 0x80000000, 0, 0, 0, 0, 0};
    static const uint32_t viewport[] = {0x00070004, 0,          0x43200000, 0xc2f00000,
                                        0x3f000000, 0x3dcccccd, 0x7fc00000, 0x80000000};
    static const uint32_t shader[] = {0x00080401, 7, 1, 9, 300, 0, 0x47415246, 0x444e450a, 0xaa00};
    static const uint32_t clear[] = {0x00080007, 5, 0x3f800000, 0, 0, 0, 0, 0x3ff00000, 0};
    static const uint32_t longer[] = {0x0002000d, 0x00010201, 9};
    static const uint32_t unknown[] = {0x00010063, 0x12};

    (void)state;
    check_print(draw, 13, 0,
                "DRAW_VBO count=3 mode=TRIANGLES instance_count=1 index_bias=-1 max_index=2\n");
    check_print(blend, 12, 0,
                "CREATE_OBJECT.BLEND handle=5 independent_blend_enable=1 rt[0].colormask=RGBA"
                " @6=0x80000000\n");
    check_print(viewport, 8, 0,
                "SET_VIEWPORT_STATE viewports[0].scale=[160.0, -120.0, 0.5]"
                " viewports[0].translate=[0.1, 0x7fc00000, -0.0]\n");
    check_print(shader, 9, 0,
                "CREATE_OBJECT.SHADER handle=7 type=FRAGMENT offlen=9 num_tokens=300"
                " text=\"FRAG\\nEND\\x00\" @8=0xaa00\n");
    check_print(clear, 9, 0, "CLEAR buffers=DEPTH|COLOR0 color=[0x3f800000, 0, 0, 0] depth=1.0\n");
    check_print(longer, 3, 0, "SET_STENCIL_REF front=1 back=2 @size=2 @1=0x10201 @2=0x9\n");
    check_print(unknown, 2, 0,
                "RAW 0x10063 0x12 # packet: opcode is 99: a number that its enumeration does not"
                " have; the largest is 64\n");
    check_print(longer, 3, VCMD_PRINT_FULL | VCMD_PRINT_DWORDS | VCMD_PRINT_POSITIONS,
                "# dword 0\nSET_STENCIL_REF\n    front=1 # dword 1\n    back=2 # dword 1\n"
                "    @size=2\n    @1=0x10201\n    @2=0x9\n");
}

static void check_assemble(const char *text, const uint32_t *wanted, size_t count)
{
    uint32_t memory[64];
    struct vcmd_text_error error;
    struct vcmd_buffer buf;
    char line[200];

    vcmd_buffer_init(&buf, memory, 64, 3);
    if (vcmd_assemble(&buf, text, strlen(text), &error) != VCMD_STATUS_OK) {
        (void)vcmd_text_error_format(&error, line, sizeof(line));
        fail_msg("%s", line);
    }
    assert_int_equal(buf.length, count);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(vcmd_le32(vcmd_buffer_stream(&buf)[i]), wanted[i]);
}

/* What a person writes: in any order, without counts, over several lines. */
static void test_assemble(void **state)
{
    static const uint32_t framebuffer[] = {0x00040005, 2, 9, 3, 4};
    static const uint32_t shader[] = {0x000b0401, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0x404, 0};
    static const uint32_t nop[] = {0x00030000, 0, 0, 0, 0x12345678, 10};
    static const uint32_t marker[] = {0x00030033, 5, 0x64636261, 0x65};
    static const uint32_t clear[] = {0x00080007, 5, 0, 0, 0, 0, 0x9999999a, 0x3fb99999, 0};

    (void)state;
    check_assemble("# nothing\n", NULL, 0);
    check_assemble("SET_FRAMEBUFFER_STATE cbuf_handle=[3, 4]\n\tzsurf_handle=9", framebuffer, 5);
    check_assemble("CREATE_OBJECT.SHADER text=\"\" # no text\n"
                   "so_info_output[0].num_components=1 so_info_output[0].register_index=4\r\n"
                   "so_info_stride=[8] handle=0x1 @4=0 @size=11",
                   shader, 12);
    check_assemble("NOP padding=3 RAW 305419896 0xa", nop, 6);
    check_assemble("SEND_STRING_MARKER string=\"\\x61b\\x63de\"", marker, 4);
    check_assemble("SEND_STRING_MARKER string=x\"61 62 63\n6465\"", marker, 4);
    check_assemble("CLEAR depth=0.1 buffers=DEPTH|4", clear, 9);
}

static void check_bad(const char *text, enum vcmd_status status, const char *wanted)
{
    uint32_t memory[16];
    struct vcmd_text_error error;
    struct vcmd_buffer buf;
    char line[200];

    vcmd_buffer_init(&buf, memory, 16, 0);
    memory[0] = 7;
    buf.length = 1;
    assert_int_equal(vcmd_assemble(&buf, text, strlen(text), &error), status);
    assert_int_equal(error.status, status);
    (void)vcmd_text_error_format(&error, line, sizeof(line));
    assert_string_equal(line, wanted);
    assert_int_equal(buf.length, 1);
    assert_int_equal(buf.error.status, VCMD_STATUS_OK);
    assert_int_equal(memory[0], 7);
}

static void test_bad_text(void **state)
{
    (void)state;
    check_bad("DRAW_VBO count=3\nDRAW_VB", VCMD_STATUS_UNKNOWN_VALUE,
              "2:1: expected a field or the name of a packet, found DRAW_VB");
    check_bad("DRAW_VBO mode=TRIANGEL", VCMD_STATUS_UNKNOWN_VALUE,
              "1:15: expected a number or a word of prim, found TRIANGEL");
    check_bad("DRAW_VBO\n  modus=1", VCMD_STATUS_UNKNOWN_VALUE,
              "2:3: expected a field of DRAW_VBO, found modus");
    check_bad("DRAW_VBO count=x", VCMD_STATUS_MALFORMED,
              "1:16: expected a number for count, found x");
    check_bad("DRAW_VBO count=", VCMD_STATUS_MALFORMED,
              "1:16: expected a value for count, found the end of the text");
    check_bad("DRAW_VBO count=4294967296", VCMD_STATUS_OUT_OF_RANGE,
              "1:16: expected fewer bits for count, found 4294967296");
    check_bad("SET_STENCIL_REF front=256", VCMD_STATUS_OUT_OF_RANGE,
              "1:23: expected fewer bits for front, found 256");
    check_bad("SET_BLEND_COLOR color=[1,2,3,4,5]", VCMD_STATUS_TOO_MANY,
              "1:32: expected no more values for color, found 5");
    check_bad("SET_BLEND_COLOR color=[1,2", VCMD_STATUS_MALFORMED,
              "1:27: expected a value for color, found the end of the text");
    check_bad("SET_BLEND_COLOR color=[1e99]", VCMD_STATUS_MALFORMED,
              "1:24: expected a float or its bits for color, found 1e99");
    check_bad("SEND_STRING_MARKER string=\"abc", VCMD_STATUS_MALFORMED,
              "1:27: expected a second quote for string, found \"");
    check_bad("SEND_STRING_MARKER string=\"\\q\"", VCMD_STATUS_MALFORMED,
              "1:28: expected \\n, \\t, \\0, \\\", \\\\ or \\x and two digits in string, found \\");
    check_bad("CREATE_OBJECT.SHADER so_info_num_outputs=262141", VCMD_STATUS_TOO_LONG,
              "1:42: expected fewer elements for so_info_num_outputs, found 262141");
    /* The last size counts, and no dword may be beyond it, whatever an earlier size said. */
    check_bad("NOP @size=65535 @20=1 @size=0", VCMD_STATUS_OUT_OF_RANGE,
              "1:18: expected a dword of the packet behind @, found 20");
    check_bad("SEND_STRING_MARKER string_length=2 string=\"abc\"", VCMD_STATUS_TOO_MANY,
              "1:1: expected as many elements as the fields say in SEND_STRING_MARKER, found "
              "SEND_STRING_MARKER");
    check_bad("NOP padding=16", VCMD_STATUS_BUFFER_FULL,
              "1:1: expected a larger buffer for NOP, found NOP");
    check_bad("NOP padding=65536", VCMD_STATUS_TOO_LONG,
              "1:13: expected at most 65535 dwords for padding, found 65536");
    check_bad("SET_SUB_CTX @2=1", VCMD_STATUS_OUT_OF_RANGE,
              "1:14: expected a dword of the packet behind @, found 2");
    check_bad("SET_SUB_CTX @70000=1", VCMD_STATUS_OUT_OF_RANGE,
              "1:14: expected a dword of the packet behind @, found 70000");
    check_bad("SET_SUB_CTX @=1", VCMD_STATUS_MALFORMED,
              "1:14: expected size or a dword behind @, found =");
    check_bad("DRAW_VBO mode=TRIANGLES|LINES", VCMD_STATUS_MALFORMED,
              "1:24: expected one value and no flags for mode, found |");
    check_bad("DRAW_VBO count=1|2", VCMD_STATUS_MALFORMED,
              "1:17: expected one value and no flags for count, found |");
    check_bad("CLEAR depth=1.0|2.0", VCMD_STATUS_MALFORMED,
              "1:16: expected one value and no flags for depth, found |");
    check_bad("RAW", VCMD_STATUS_MALFORMED,
              "1:4: expected a dword behind RAW, found the end of the text");
    check_bad("RAW\nNOP", VCMD_STATUS_MALFORMED, "2:1: expected a dword behind RAW, found NOP");
    check_bad("RAW 1 2 3 0x100000000", VCMD_STATUS_OUT_OF_RANGE,
              "1:11: expected a number of 32 bits, found 0x100000000");
    check_bad("CREATE_OBJECT.BLEND rt[8].func=1", VCMD_STATUS_UNKNOWN_VALUE,
              "1:21: expected a field of CREATE_OBJECT.BLEND, found rt[8].func");
    check_bad("CREATE_OBJECT.BLEND rt[8].colormask=1", VCMD_STATUS_TOO_MANY,
              "1:21: expected a smaller index of rt.colormask, found rt[8].colormask");
}

static void check_float(uint64_t bits, unsigned int width, const char *wanted)
{
    char text[VCMD_DECIMAL_MAX + 1];
    uint64_t back;
    size_t length = vcmd_decimal_print(text, bits, width);

    text[length] = '\0';
    assert_string_equal(text, wanted);
    if (text[1] != 'x') {
        assert_true(vcmd_decimal_parse(text, length, width, &back));
        assert_int_equal(back, bits);
    }
}

static void test_floats(void **state)
{
    (void)state;
    check_float(0, 4, "0.0");
    check_float(0x80000000, 4, "-0.0");
    check_float(0x3f800000, 4, "1.0");
    check_float(0x3dcccccd, 4, "0.1");
    check_float(0x00000001, 4, "1e-45");
    check_float(0x7f7fffff, 4, "3.4028235e+38");
    check_float(0x7f800000, 4, "inf");
    check_float(0xff800000, 4, "-inf");
    check_float(0x7fc00001, 4, "0x7fc00001");
    check_float(0xffffffff, 4, "0xffffffff");
    check_float(0x7ff0000000000001ull, 8, "0x7ff0000000000001");
    check_float(0x3fb999999999999aull, 8, "0.1");
    check_float(0x0000000000000001ull, 8, "5e-324");
    check_float(0x7fefffffffffffffull, 8, "1.7976931348623157e+308");
}

/* Any float comes back, and the C library reads the same number. */
static void test_any_float(void **state)
{
    uint64_t random = 88172645463325252ull;

    (void)state;
    for (int i = 0; i < 20000; i++) {
        char text[VCMD_DECIMAL_MAX + 1];
        uint64_t back;
        uint32_t bits;
        size_t length;
        float libc;

        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        length = vcmd_decimal_print(text, (uint32_t)random, 4);
        text[length] = '\0';
        if (text[0] == '0' && text[1] == 'x')
            continue;
        libc = strtof(text, NULL);
        memcpy(&bits, &libc, sizeof(bits));
        assert_int_equal(bits, (uint32_t)random);
        assert_true(vcmd_decimal_parse(text, length, 4, &back));
        assert_int_equal(back, (uint32_t)random);
    }
}

/* Text whose NUL is not counted, with a NUL in its middle: found by the fuzzer. */
static void test_debug_flags(void **state)
{
    static const uint32_t wire[] = {0x00040029, 0x4c43442d, 0x00104f2d, 0, 0};
    static const uint32_t bare[] = {0x00020029, 0x736e6977, 0x7379};
    uint32_t memory[5];

    (void)state;
    for (size_t i = 0; i < 5; i++)
        memory[i] = vcmd_le32(wire[i]);
    check_text(memory, 5);
    check_print(bare, 3, 0, "SET_DEBUG_FLAGS flagstring=\"winsys\" @size=2\n");
}

/* What drivers send with and without a dword of zeros behind the text comes back as it was. */
static void test_debug_flags_back(void **state)
{
    static const uint32_t wires[][5] = {
        {0x00020029, 0x736e6977, 0x7379},                /* "winsys", as Mesa */
        {0x00020029, 0x64616873, 0x7265},                /* "shader" */
        {0x00030029, 0x64616873, 0x73737265, 0},         /* the NUL alone in the last dword */
        {0x00030029, 0x64616873, 0x7265, 0},             /* a spare dword */
        {0x00010029, 0x6c6c61},                          /* too short for the host */
        {0x00020029, 0, 0},                              /* no text */
        {0x00030029, 0, 0, 0},                           /* nothing but zeros */
        {0x00040029, 0x4c43442d, 0x00104f2d, 0x6f6c, 0}, /* a NUL in the middle */
    };

    (void)state;
    for (size_t i = 0; i < sizeof(wires) / sizeof(wires[0]); i++) {
        size_t count = 1 + (wires[i][0] >> 16);
        uint64_t scratch[VCMD_DECODER_SCRATCH / 8];
        struct vcmd_decoder decoder;
        struct vcmd_packet packet;
        struct vcmd_buffer buf;
        uint32_t wire[5], again[16];

        for (size_t j = 0; j < 5; j++)
            wire[j] = vcmd_le32(wires[i][j]);
        vcmd_decoder_init(&decoder, wire, count, scratch, sizeof(scratch));
        assert_int_equal(vcmd_decode_next(&decoder, &packet), VCMD_STATUS_OK);
        vcmd_buffer_init(&buf, again, 16, 0);
        assert_int_equal(vcmd_encode_packet(&buf, &packet), VCMD_STATUS_OK);
        assert_int_equal(buf.length, count);
        assert_memory_equal(again, wire, 4 * count);
    }
}

/* What each name function answers for a number that means nothing: its header says so. */
static void test_no_names(void **state)
{
    (void)state;
    assert_string_equal(vcmd_packet_kind_name(VCMD_PACKET_SET_SUB_CTX), "SET_SUB_CTX");
    assert_string_equal(vcmd_packet_kind_name(VCMD_PACKET_UNKNOWN), "UNKNOWN");
    assert_string_equal(vcmd_packet_kind_name(VCMD_PACKET_KIND_COUNT), "UNKNOWN");
    assert_string_equal(vcmd_ctrl_type_name(VCMD_CTRL_CMD_SUBMIT_3D), "SUBMIT_3D");
    assert_null(vcmd_ctrl_type_name(0));
    assert_string_equal(vcmd_enum_name(VCMD_ENUM_PRIM, 4), "TRIANGLES");
    assert_null(vcmd_enum_name(VCMD_ENUM_PRIM, UINT32_MAX));
    assert_null(vcmd_enum_name(VCMD_ENUM_FORMAT, UINT32_MAX));
    assert_null(vcmd_enum_name(VCMD_ENUM_NONE, 0));
    assert_null(vcmd_enum_name(VCMD_ENUM_COUNT, 0));
    assert_string_equal(vcmd_enum_id_name(VCMD_ENUM_PRIM), "prim");
    assert_string_equal(vcmd_enum_id_name(VCMD_ENUM_NONE), "");
    assert_string_equal(vcmd_enum_id_name(VCMD_ENUM_COUNT), "");
    assert_string_equal(vcmd_handle_kind_name(VCMD_HANDLE_RESOURCE), "resource");
    assert_string_equal(vcmd_handle_kind_name(VCMD_HANDLE_NONE), "");
    assert_string_equal(vcmd_handle_kind_name(VCMD_HANDLE_KIND_COUNT), "");
    assert_string_equal(vcmd_format_name(UINT32_MAX), "?");
    assert_string_equal(vcmd_severity_string(UINT32_MAX), "?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_print),       cmocka_unit_test(test_assemble),
        cmocka_unit_test(test_debug_flags), cmocka_unit_test(test_debug_flags_back),
        cmocka_unit_test(test_bad_text),    cmocka_unit_test(test_floats),
        cmocka_unit_test(test_any_float),   cmocka_unit_test(test_no_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
