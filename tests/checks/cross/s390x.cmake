# SPDX-License-Identifier: MIT
# A big-endian machine: Debian's cross compiler, and QEMU to run what it makes.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR s390x)
set(CMAKE_C_COMPILER s390x-linux-gnu-gcc)
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-s390x)
# Static, so that QEMU needs no libraries of that machine.
set(CMAKE_EXE_LINKER_FLAGS_INIT -static)
