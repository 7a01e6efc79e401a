/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include <virglcmd/check_device.h>
#include <virglcmd/control.h>

#include "../check/model.h"
#include "lock.h"
#include "shape.h"

/* The mutex keeps model and host in step: what the checker is told, the host is told next. */
struct checked {
    const struct vcmd_device_ops *inner;
    void *inner_self;
    const struct vcmd_log *log;
    struct vcmd_mutex mutex;
    struct vcmd_checker *checker;
    struct vcmd_caps caps;
    uint32_t refuse; /* bits, by severity */
    void *memory;
};

/* ---- telling ---- */

static enum vcmd_log_level level_of(uint32_t severity)
{
    if (severity <= VCMD_SEVERITY_ERROR)
        return VCMD_LOG_ERROR;
    return severity <= VCMD_SEVERITY_GARBAGE ? VCMD_LOG_WARNING : VCMD_LOG_INFO;
}

/* The log takes one line at a time; only what is bad enough gets its explanation. */
static void tell(void *user, const struct vcmd_diagnostic *diagnostic)
{
    const struct checked *checked = user;
    enum vcmd_log_level level = level_of(diagnostic->severity);
    enum vcmd_status status =
        (checked->refuse >> diagnostic->severity & 1) != 0 ? VCMD_STATUS_REFUSED : VCMD_STATUS_OK;
    char text[1024];
    char *line = text;

    vcmd_diagnostic_format(diagnostic,
                           level == VCMD_LOG_ERROR ? VCMD_DIAGNOSTIC_FULL : VCMD_DIAGNOSTIC_LINE,
                           text, sizeof(text));
    while (line) {
        char *end = strchr(line, '\n');

        if (end)
            *end++ = '\0';
        vcmd_log(checked->log, level, status, "check: %s", line);
        line = end;
    }
}

/* ---- contexts and resources ---- */

static enum vcmd_status get_capset(void *self, uint32_t capset_id, void *bytes, size_t capacity,
                                   size_t *size)
{
    const struct checked *checked = self;

    return checked->inner->get_capset(checked->inner_self, capset_id, bytes, capacity, size);
}

static enum vcmd_status context_create(void *self, const char *name, uint32_t *context_id)
{
    struct checked *checked = self;
    enum vcmd_status status;

    vcmd_mutex_lock(&checked->mutex);
    status = checked->inner->context_create(checked->inner_self, name, context_id);
    if (status == VCMD_STATUS_OK)
        vcmd_checker_context_create(checked->checker, *context_id);
    vcmd_mutex_unlock(&checked->mutex);
    return status;
}

static void context_destroy(void *self, uint32_t context_id)
{
    struct checked *checked = self;

    vcmd_mutex_lock(&checked->mutex);
    vcmd_checker_context_destroy(checked->checker, context_id);
    checked->inner->context_destroy(checked->inner_self, context_id);
    vcmd_mutex_unlock(&checked->mutex);
}

static void tell_of_resource(struct vcmd_checker *checker, uint32_t id,
                             const struct vcmd_resource_desc *desc)
{
    const struct vcmd_ctrl_resource_create_3d resource = {.resource_id = id, VCMD_DESC(desc)};

    vcmd_checker_resource_create(checker, &resource);
    if (desc->backing_size != 0)
        vcmd_checker_set_backing(checker, id, desc->backing_size);
}

static enum vcmd_status resource_create(void *self, const struct vcmd_resource_desc *desc,
                                        uint32_t *resource_id, void **memory)
{
    struct checked *checked = self;
    enum vcmd_status status;

    vcmd_mutex_lock(&checked->mutex);
    status = checked->inner->resource_create(checked->inner_self, desc, resource_id, memory);
    if (status == VCMD_STATUS_OK)
        tell_of_resource(checked->checker, *resource_id, desc);
    vcmd_mutex_unlock(&checked->mutex);
    return status;
}

static void resource_destroy(void *self, uint32_t resource_id)
{
    struct checked *checked = self;

    vcmd_mutex_lock(&checked->mutex);
    vcmd_checker_resource_destroy(checked->checker, resource_id);
    checked->inner->resource_destroy(checked->inner_self, resource_id);
    vcmd_mutex_unlock(&checked->mutex);
}

static enum vcmd_status attach(void *self, uint32_t context_id, uint32_t resource_id)
{
    struct checked *checked = self;
    enum vcmd_status status;

    vcmd_mutex_lock(&checked->mutex);
    status = checked->inner->attach(checked->inner_self, context_id, resource_id);
    if (status == VCMD_STATUS_OK)
        vcmd_checker_attach(checked->checker, context_id, resource_id);
    vcmd_mutex_unlock(&checked->mutex);
    return status;
}

static enum vcmd_status detach(void *self, uint32_t context_id, uint32_t resource_id)
{
    struct checked *checked = self;
    enum vcmd_status status;

    vcmd_mutex_lock(&checked->mutex);
    status = checked->inner->detach(checked->inner_self, context_id, resource_id);
    if (status == VCMD_STATUS_OK)
        vcmd_checker_detach(checked->checker, context_id, resource_id);
    vcmd_mutex_unlock(&checked->mutex);
    return status;
}

/* ---- work ---- */

static enum vcmd_status transfer(void *self, uint32_t context_id, uint32_t resource_id,
                                 uint32_t direction, const struct vcmd_transfer *box)
{
    struct checked *checked = self;
    enum vcmd_status status;

    vcmd_mutex_lock(&checked->mutex);
    status = checked->inner->transfer(checked->inner_self, context_id, resource_id, direction, box);
    vcmd_mutex_unlock(&checked->mutex);
    return status;
}

static bool is_refused(const struct checked *checked, const struct vcmd_check_result *result)
{
    for (uint32_t severity = 0; severity <= VCMD_SEVERITY_NOTE; severity++) {
        if ((checked->refuse >> severity & 1) != 0 && result->counts[severity] != 0)
            return true;
    }
    return false;
}

static enum vcmd_status submit(void *self, uint32_t context_id, struct vcmd_buffer *buf,
                               uint64_t *fence)
{
    struct checked *checked = self;
    struct vcmd_check_result result;
    enum vcmd_status status;

    vcmd_mutex_lock(&checked->mutex);
    status = vcmd_checker_submit(checked->checker, context_id, vcmd_buffer_stream(buf), buf->length,
                                 &result);
    if (status == VCMD_STATUS_OK && is_refused(checked, &result))
        status = VCMD_STATUS_REFUSED;
    if (status == VCMD_STATUS_OK)
        status = checked->inner->submit(checked->inner_self, context_id, buf, fence);
    /* The checker has followed what the host never sees: they are not in step any more. */
    if (status != VCMD_STATUS_OK)
        vcmd_checker_context_break(checked->checker, context_id);
    vcmd_mutex_unlock(&checked->mutex);
    return status;
}

static enum vcmd_status fence_wait(void *self, uint64_t fence, uint64_t timeout_ns)
{
    const struct checked *checked = self;

    return checked->inner->fence_wait(checked->inner_self, fence, timeout_ns);
}

/* ---- life ---- */

static void free_checked(struct checked *checked)
{
    vcmd_mutex_destroy(&checked->mutex);
    free(checked->memory);
    free(checked);
}

static void close_checked(void *self)
{
    struct checked *checked = self;

    checked->inner->close(checked->inner_self);
    free_checked(checked);
}

static const struct vcmd_device_ops checked_ops = {
    .close = close_checked,
    .get_capset = get_capset,
    .context_create = context_create,
    .context_destroy = context_destroy,
    .resource_create = resource_create,
    .resource_destroy = resource_destroy,
    .attach = attach,
    .detach = detach,
    .transfer = transfer,
    .submit = submit,
    .fence_wait = fence_wait,
};

/* Without a capset features are not checked. */
static bool read_caps(struct checked *checked)
{
    static const uint32_t ids[] = {VCMD_CTRL_CAPSET_VIRGL2, VCMD_CTRL_CAPSET_VIRGL};
    uint8_t bytes[4096];
    size_t size;

    for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
        enum vcmd_status status =
            checked->inner->get_capset(checked->inner_self, ids[i], bytes, sizeof(bytes), &size);

        if (status == VCMD_STATUS_OK &&
            vcmd_caps_decode(&checked->caps, bytes, size) == VCMD_STATUS_OK)
            return true;
    }
    return false;
}

/* Bit n: a stream with a fault of severity n is not sent. */
static uint32_t refused_by(enum vcmd_device_check_mode mode)
{
    const uint32_t rejected = 1u << VCMD_SEVERITY_REJECT | 1u << VCMD_SEVERITY_ERROR;

    switch (mode) {
    case VCMD_DEVICE_CHECK_WARN:
        return 0;
    case VCMD_DEVICE_CHECK_STRICT:
        return rejected | 1u << VCMD_SEVERITY_IGNORED | 1u << VCMD_SEVERITY_GARBAGE;
    case VCMD_DEVICE_CHECK_REFUSE:
    default:
        return rejected;
    }
}

static enum vcmd_status make_checker(struct checked *checked,
                                     const struct vcmd_device_check *settings)
{
    struct vcmd_checker_desc desc;
    size_t size;

    memset(&desc, 0, sizeof(desc));
    desc.check.fn = tell;
    desc.check.user = checked;
    desc.seed = (uint64_t)(uintptr_t)checked;
    if (settings && (uint32_t)settings->mode > VCMD_DEVICE_CHECK_STRICT)
        return VCMD_STATUS_OUT_OF_RANGE;
    checked->refuse = refused_by(settings ? settings->mode : VCMD_DEVICE_CHECK_REFUSE);
    if (settings) {
        desc.limits = settings->limits;
        desc.check.release = settings->release;
    }
    if (read_caps(checked))
        desc.check.caps = &checked->caps;
    size = vcmd_checker_size(&desc.limits);
    if (size == 0)
        return VCMD_STATUS_OUT_OF_RANGE;
    checked->memory = malloc(size);
    if (!checked->memory)
        return VCMD_STATUS_NO_MEMORY;
    return vcmd_checker_init(checked->memory, size, &desc, &checked->checker);
}

static enum vcmd_status wrap(void *user, const char *transport, const struct vcmd_log *log,
                             const struct vcmd_device_ops **ops, void **self)
{
    struct checked *checked = calloc(1, sizeof(*checked));
    enum vcmd_status status = VCMD_STATUS_NO_MEMORY;

    (void)transport;
    if (checked && vcmd_mutex_init(&checked->mutex)) {
        checked->inner = *ops;
        checked->inner_self = *self;
        checked->log = log;
        status = make_checker(checked, user);
        if (status == VCMD_STATUS_OK) {
            *ops = &checked_ops;
            *self = checked;
            return VCMD_STATUS_OK;
        }
        free_checked(checked);
    } else {
        free(checked);
    }
    vcmd_log(log, VCMD_LOG_ERROR, status, "open: the checker cannot be made: %s",
             vcmd_status_string(status));
    return status;
}

struct vcmd_device_wrapper vcmd_device_checker(const struct vcmd_device_check *settings)
{
    struct vcmd_device_wrapper wrapper;

    wrapper.wrap = wrap;
    wrapper.user = (void *)(uintptr_t)settings;
    return wrapper;
}
