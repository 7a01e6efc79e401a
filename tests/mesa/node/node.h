/* SPDX-License-Identifier: MIT */
#ifndef TESTS_MESA_NODE_H
#define TESTS_MESA_NODE_H

/*
 * A render node of the virtio_gpu driver without a kernel: a file descriptor that Mesa's driver for
 * DRM takes for one, in this process alone. What Mesa asks of it goes to a loopback device and is
 * recorded on the way. It exists to see Mesa's bytes: of the kernel it has what Mesa 22.3 needs.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <virglcmd/transport.h>

/* What the node says it can, beyond what the host can: for commands that no host here asks for. */
struct node_claims {
    uint32_t capability_bits_v2; /* joined to the host's */
    bool video;                  /* decodes H.264 */
    bool blobs;                  /* resources of the host that can be mapped */
};

/*
 * Opens the device and the capture; prints and ends the process on failure. The descriptor is one
 * of /dev/null, which Mesa knows for a character device.
 */
int node_open(const char *capture, const struct node_claims *claims);

/* Closes the device and the capture, when Mesa is done. False, and a line, when something failed.
 */
bool node_close(void);

/* A buffer of another process, as a descriptor to import: width * height pixels of 4 bytes. */
int node_foreign_buffer(uint32_t width, uint32_t height);

/* An ioctl of the node: 0, or an errno. -1: not one of its descriptors. */
int node_ioctl(int fd, unsigned long request, void *arg);

/* The file behind the node's memory; -1: fd is not a descriptor of the node. */
int node_memory_file(int fd);

/* The wrapper that makes the claims. */
struct vcmd_device_wrapper node_claiming(const struct node_claims *claims);

#endif
