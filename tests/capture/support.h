/* SPDX-License-Identifier: MIT */
#ifndef TESTS_CAPTURE_SUPPORT_H
#define TESTS_CAPTURE_SUPPORT_H

/* cmocka wants these in front of it, in this order. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#endif
