/* SPDX-License-Identifier: MIT */
#include "walk.h"
#include <stddef.h>
#include <virglcmd/control.h>

/* Control requests and responses as argument structs. What follows their fixed part is the tail. */

#define FIRST_RESPONSE VCMD_CTRL_RESP_OK_NODATA

/* What struct vcmd_ctrl_request and struct vcmd_ctrl_response have in common. */
struct decoded {
    const char *what;
    void *args; /* the union; the header is first in every member */
    const uint8_t *tail;
    size_t tail_size;
};

static bool load(struct decoded *to, const struct vcmd_layout *layout, const uint8_t *bytes,
                 size_t size, struct vcmd_error *error)
{
    struct vcmd_segment segment;
    struct vcmd_walk walk;

    if (!vcmd_walk_begin(&walk, layout, bytes, size, error))
        return false;
    while (vcmd_walk_next(&walk, &segment)) {
        if (segment.part->kind <= VCMD_PART_REPEAT)
            vcmd_load_part(segment.part, bytes, to->args);
    }
    if (error->status != VCMD_STATUS_OK)
        return false;
    to->tail = bytes + layout->fixed;
    to->tail_size = size - layout->fixed;
    return true;
}

static enum vcmd_status refuse(struct vcmd_error *error, enum vcmd_status status,
                               const struct decoded *to, const char *field, uint64_t value,
                               uint64_t limit)
{
    (void)vcmd_walk_fail(error, status, NULL, field, 0, value, limit);
    error->command = to->what;
    return status;
}

static enum vcmd_status decode(struct decoded *to, bool responses, const void *bytes, size_t size,
                               struct vcmd_error *error)
{
    const struct vcmd_layout *layout;
    struct vcmd_error own;
    uint32_t type;

    if (error == NULL)
        error = &own;
    if (bytes == NULL)
        return refuse(error, VCMD_STATUS_NULL_ARGUMENT, to, "bytes", 0, 0);
    if (size < VCMD_CTRL_HDR_SIZE)
        return refuse(error, VCMD_STATUS_TRUNCATED, to, "size", size, VCMD_CTRL_HDR_SIZE);
    type = vcmd_load32((const uint8_t *)bytes);
    layout = vcmd_find_control(type);
    /* The header is the first part of all, and good whatever follows. */
    vcmd_load_part(&vcmd_table_parts[vcmd_table_control[0].first_part], (const uint8_t *)bytes,
                   to->args);
    if (layout == NULL || (type >= FIRST_RESPONSE) != responses)
        return refuse(error, VCMD_STATUS_UNKNOWN_VALUE, to, "hdr.type", type, 0);
    /* Not the whole union: the largest of its structs has a kilobyte. */
    memset((uint8_t *)to->args + sizeof(struct vcmd_ctrl_hdr), 0,
           layout->size - sizeof(struct vcmd_ctrl_hdr));
    (void)load(to, layout, (const uint8_t *)bytes, size, error);
    return error->status;
}

enum vcmd_status vcmd_ctrl_decode_request(const void *bytes, size_t size,
                                          struct vcmd_ctrl_request *request,
                                          struct vcmd_error *error)
{
    struct decoded to = {"request", NULL, NULL, 0};
    struct vcmd_error own;
    enum vcmd_status status;

    if (request == NULL)
        return refuse(error != NULL ? error : &own, VCMD_STATUS_NULL_ARGUMENT, &to, NULL, 0, 0);
    memset(request, 0, offsetof(struct vcmd_ctrl_request, hdr) + sizeof(request->hdr));
    to.args = &request->hdr;
    status = decode(&to, false, bytes, size, error);
    request->type = request->hdr.type;
    request->tail = to.tail;
    request->tail_size = to.tail_size;
    return status;
}

enum vcmd_status vcmd_ctrl_decode_response(const void *bytes, size_t size,
                                           struct vcmd_ctrl_response *response,
                                           struct vcmd_error *error)
{
    struct decoded to = {"response", NULL, NULL, 0};
    struct vcmd_error own;
    enum vcmd_status status;

    if (response == NULL)
        return refuse(error != NULL ? error : &own, VCMD_STATUS_NULL_ARGUMENT, &to, NULL, 0, 0);
    memset(response, 0, offsetof(struct vcmd_ctrl_response, hdr) + sizeof(response->hdr));
    to.args = &response->hdr;
    status = decode(&to, true, bytes, size, error);
    response->type = response->hdr.type;
    response->tail = to.tail;
    response->tail_size = to.tail_size;
    return status;
}
