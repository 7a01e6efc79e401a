/* SPDX-License-Identifier: MIT */
#include "recorded.h"

#include "support.h"

#include <string.h>

#include <virglcmd/virglcmd.h>

static void count_warnings(void *user, enum vcmd_log_level level, enum vcmd_status code,
                           const char *text)
{
    struct recorded *r = user;

    (void)code;
    if (level == VCMD_LOG_WARNING && strstr(text, "recording"))
        r->warnings++;
}

void open_recorded(struct recorded *r)
{
    const struct vcmd_transport *const transports[] = {fake_transport(), NULL};
    const struct vcmd_capture_sink sink = memory_sink(&r->file);
    struct vcmd_device_wrapper recorder;

    assert_int_equal(vcmd_capture_writer_create(&sink, NULL, &r->writer), VCMD_STATUS_OK);
    recorder = vcmd_capture_recorder(r->writer);
    assert_int_equal(vcmd_device_open(&(struct vcmd_device_desc){.transports = transports,
                                                                 .log = count_warnings,
                                                                 .log_user = r,
                                                                 .wrappers = &recorder,
                                                                 .num_wrappers = 1},
                                      &r->device),
                     VCMD_STATUS_OK);
}

struct vcmd_capture_reader *finish(struct recorded *r)
{
    vcmd_device_close(r->device);
    assert_int_equal(vcmd_capture_writer_close(r->writer), VCMD_STATUS_OK);
    return memory_reader(&r->file);
}

void next(struct vcmd_capture_reader *reader, struct vcmd_capture_record *record)
{
    do {
        assert_int_equal(vcmd_capture_read(reader, record), VCMD_STATUS_OK);
    } while (record->type == VCMD_CAPTURE_INFO || record->type == VCMD_CAPTURE_CAPSET);
}

void expect_type(struct vcmd_capture_reader *reader, struct vcmd_capture_record *record,
                 uint32_t type)
{
    next(reader, record);
    assert_string_equal(vcmd_capture_type_name(record->type), vcmd_capture_type_name(type));
}

void encode_something(struct vcmd_buffer *buf, uint32_t *memory, uint32_t value)
{
    vcmd_buffer_init(buf, memory, 64, VCMD_BUFFER_HEADROOM);
    vcmd_set_sub_ctx(buf, &(struct vcmd_set_sub_ctx){.sub_ctx_id = value});
}
