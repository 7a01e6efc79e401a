/* SPDX-License-Identifier: MIT */
#ifndef VIRGLCMD_LOOPBACK_H
#define VIRGLCMD_LOOPBACK_H

#include <virglcmd/transport.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The transport "loopback": a virtio-gpu device with 3D inside this process, on top of
 * virglrenderer and whatever OpenGL the machine has through EGL without a surface. No kernel, no
 * virtual machine, no display; llvmpipe suffices.
 *
 * Options:
 *     gles    run virglrenderer on OpenGL ES instead of OpenGL ("gles", "gles=1"; "gles=0": not)
 *
 * Unlike most devices it tells what the host thinks: a stream or transfer that virglrenderer
 * rejects makes the call fail, and virglrenderer's own lines go to the log. A context whose stream
 * was rejected that way takes nothing more (VCMD_STATUS_HOST_UNSPEC) and must be destroyed.
 *
 * virglrenderer exists once in a process, and so does an open loopback device: opening a second one
 * gives VCMD_STATUS_BUSY. Closing and opening again works as often as wanted. A process that uses
 * virglrenderer on its own cannot use the loopback at the same time.
 *
 * The environment of the process and the OpenGL contexts of its threads are left alone: one thread
 * of the device owns virglrenderer and its contexts.
 *
 * Returns static data.
 */
const struct vcmd_transport *vcmd_loopback_transport(void);

#ifdef __cplusplus
}
#endif

#endif
