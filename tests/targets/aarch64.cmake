# SPDX-License-Identifier: MIT
# 64-bit ARM: Debian's cross compiler, and QEMU to run what it makes.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64)
# Static, so that QEMU needs no libraries of that machine.
set(CMAKE_EXE_LINKER_FLAGS_INIT -static)
