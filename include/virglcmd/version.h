/* SPDX-License-Identifier: MIT */
#ifndef VIRGLCMD_VERSION_H
#define VIRGLCMD_VERSION_H

/* The version of these headers. CMakeLists.txt reads it from here. */
#define VCMD_VERSION_MAJOR 0
#define VCMD_VERSION_MINOR 1
#define VCMD_VERSION_PATCH 0

/* One number that grows with each release, for #if. */
#define VCMD_VERSION_NUMBER                                                                        \
    (VCMD_VERSION_MAJOR * 10000 + VCMD_VERSION_MINOR * 100 + VCMD_VERSION_PATCH)

#define VCMD_VERSION_STRING "0.1.0"

#ifdef __cplusplus
extern "C" {
#endif

/* The version of the library that the program runs with, in the form of VCMD_VERSION_NUMBER. */
unsigned int vcmd_version(void);

#ifdef __cplusplus
}
#endif

#endif
