/* SPDX-License-Identifier: MIT */
#ifndef VCMD_CAPTURE_WRITER_H
#define VCMD_CAPTURE_WRITER_H

#include <virglcmd/capture.h>

/* Between lock and unlock no other thread's record gets in. */
void capture_writer_lock(struct vcmd_capture_writer *writer);
void capture_writer_unlock(struct vcmd_capture_writer *writer);
enum vcmd_status capture_write_locked(struct vcmd_capture_writer *writer,
                                      const struct vcmd_capture_record *record);

#endif
