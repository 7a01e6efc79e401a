/* SPDX-License-Identifier: MIT */
#ifndef VIRGLCMD_VTEST_H
#define VIRGLCMD_VTEST_H

#include <virglcmd/transport.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The transport "vtest": the socket of a virgl_test_server, virglrenderer in a process of its own.
 *
 * Options:
 *     socket=PATH    the server's socket; default: the environment variable VTEST_SOCKET_NAME, else
 *                    /tmp/.virgl_test. At most 107 bytes, without a comma
 *     version=N      highest version of the protocol to ask for, 0 to 3; default 3
 *     timeout=N      seconds that the server may take for one answer; 0, the default: no limit.
 *                    While opening there is a limit in any case: 30 seconds when this is 0
 *     sync, sync=1   each submit waits for the server to have read it, and so tells of a stream
 *                    that the host rejects ("sync=0", the default: not)
 *
 * The server answers errors by closing the connection; what was wrong is on its stderr only. From
 * then on every call gives VCMD_STATUS_DEVICE_LOST. When all contexts and resources are destroyed,
 * the next that is created makes a new connection.
 *
 * All contexts of a device are sub-contexts of the one host context that a connection has, because
 * connections cannot share resources: an error in one ends them all.
 *
 * VCMD_RESOURCE_* flags need version 3. Returns static data.
 */
const struct vcmd_transport *vcmd_vtest_transport(void);

#ifdef __cplusplus
}
#endif

#endif
