/* SPDX-License-Identifier: MIT */
#ifndef TOOL_RECORD_TEXT_H
#define TOOL_RECORD_TEXT_H

#include "input.h"

/*
 * One line about a record, without its bytes: "resource-create 5: 2D B8G8R8A8_UNORM 300x300".
 * Always ends with a NUL; cut when it does not fit. Text of the capture shows only printable
 * characters.
 */
void tool_record_text(const struct tool_item *item, char *text, size_t capacity);

#endif
