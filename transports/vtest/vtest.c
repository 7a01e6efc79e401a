/* SPDX-License-Identifier: MIT */
/* POSIX threads and clocks: not in plain C11 */
#define _GNU_SOURCE

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <virglcmd/vtest.h>

#include "device.h"

#define SECOND_NS   1000000000ull
#define MAX_TIMEOUT 1000000u /* seconds */

/* ---- options ---- */

static enum vcmd_status refuse(const struct vtest_device *device, const char *key,
                               const char *value, const char *allowed)
{
    vcmd_log(&device->log, VCMD_LOG_ERROR, VCMD_STATUS_INVALID_OPTION,
             "vtest: option \"%s\" with value \"%s\": %s", key, value, allowed);
    return VCMD_STATUS_INVALID_OPTION;
}

/* Decimal digits only, up to max. */
static bool parse_number(const char *text, uint32_t max, uint32_t *number)
{
    *number = 0;
    for (const char *at = text; *at; at++) {
        if (*at < '0' || *at > '9')
            return false;
        *number = *number * 10 + (uint32_t)(*at - '0');
        if (*number > max)
            return false;
    }
    return text[0] != '\0';
}

static enum vcmd_status read_option(void *user, const char *key, const char *value)
{
    struct vtest_device *device = user;
    uint32_t number;

    if (strcmp(key, "socket") == 0) {
        if (value[0] == '\0' || strlen(value) >= sizeof(device->path))
            return refuse(device, key, value, "it is the path of a socket, of 1 to 107 bytes");
        memcpy(device->path, value, strlen(value) + 1);
        return VCMD_STATUS_OK;
    }
    if (strcmp(key, "version") == 0) {
        if (!parse_number(value, VTEST_MAX_VERSION, &device->max_version))
            return refuse(device, key, value, "it is a number from 0 to 3");
        return VCMD_STATUS_OK;
    }
    if (strcmp(key, "timeout") == 0) {
        if (!parse_number(value, MAX_TIMEOUT, &number))
            return refuse(device, key, value, "it is a number of seconds from 0 to 1000000");
        device->timeout_ns = number ? number * SECOND_NS : VCMD_WAIT_FOREVER;
        return VCMD_STATUS_OK;
    }
    if (strcmp(key, "sync") == 0) {
        if (value[0] != '\0' && !parse_number(value, 1, &number))
            return refuse(device, key, value, "it is 0 or 1");
        device->sync = value[0] == '\0' || number == 1;
        return VCMD_STATUS_OK;
    }
    return refuse(device, key, value,
                  "it is unknown; there is socket=PATH, version=N, timeout=SECONDS and sync");
}

static enum vcmd_status read_options(struct vtest_device *device, const char *options)
{
    const char *path = getenv("VTEST_SOCKET_NAME");
    enum vcmd_status status;

    if (!path || path[0] == '\0')
        path = VTEST_DEFAULT_SOCKET;
    device->max_version = VTEST_MAX_VERSION;
    device->timeout_ns = VCMD_WAIT_FOREVER;
    status = vcmd_options_parse(options, read_option, device);
    if (status != VCMD_STATUS_OK) {
        vcmd_log(&device->log, VCMD_LOG_ERROR, status, "vtest: options \"%s\": %s", options,
                 vcmd_status_string(status));
        return status;
    }
    if (device->path[0] == '\0') {
        if (strlen(path) >= sizeof(device->path))
            return refuse(device, "VTEST_SOCKET_NAME", path, "a socket's path has up to 107 bytes");
        memcpy(device->path, path, strlen(path) + 1);
    }
    return VCMD_STATUS_OK;
}

/* ---- opening ---- */

static bool init_locks(struct vtest_device *device)
{
    pthread_condattr_t attributes;
    bool made = false;

    if (pthread_condattr_init(&attributes) != 0)
        return false;
    if (pthread_mutex_init(&device->mutex, NULL) == 0) {
        made = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0 &&
               pthread_cond_init(&device->changed, &attributes) == 0;
        if (!made)
            pthread_mutex_destroy(&device->mutex);
    }
    pthread_condattr_destroy(&attributes);
    return made;
}

static enum vcmd_status connect_device(struct vtest_device *device)
{
    enum vcmd_status status;

    if (!init_locks(device)) {
        vcmd_log(&device->log, VCMD_LOG_ERROR, VCMD_STATUS_NO_MEMORY, "vtest: no memory");
        return VCMD_STATUS_NO_MEMORY;
    }
    status = vtest_open_connection(device);
    if (status == VCMD_STATUS_OK)
        return status;
    pthread_cond_destroy(&device->changed);
    pthread_mutex_destroy(&device->mutex);
    for (size_t i = 0; i < 2; i++)
        free(device->capsets[i].bytes);
    return status;
}

static enum vcmd_status vtest_open(const char *options, const struct vcmd_log *log,
                                   const struct vcmd_device_ops **ops, void **self)
{
    struct vtest_device *device = calloc(1, sizeof(*device));
    enum vcmd_status status;

    if (!device) {
        vcmd_log(log, VCMD_LOG_ERROR, VCMD_STATUS_NO_MEMORY, "vtest: no memory");
        return VCMD_STATUS_NO_MEMORY;
    }
    device->log = *log;
    device->fd = -1;
    status = read_options(device, options);
    if (status == VCMD_STATUS_OK)
        status = connect_device(device);
    if (status != VCMD_STATUS_OK) {
        free(device);
        return status;
    }
    *ops = &vtest_device_ops;
    *self = device;
    return VCMD_STATUS_OK;
}

const struct vcmd_transport *vcmd_vtest_transport(void)
{
    static const struct vcmd_transport transport = {
        .name = "vtest",
        .description = "a virgl_test_server, over its socket",
        .open = vtest_open,
    };

    return &transport;
}
