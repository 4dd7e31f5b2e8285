# CMake toolchain file: the Xtensa lx106 core, bare metal with picolibc. It traps on every misaligned
# access. What all small targets share is in tests/target.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR xtensa)
set(MI32_TARGET lx106)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)

set(CMAKE_C_COMPILER xtensa-lx106-elf-gcc)
set(CMAKE_EXECUTABLE_SUFFIX_C .elf)
# the C library's specs file is not in the compiler's own search path
set(CMAKE_C_FLAGS_INIT "--specs=/usr/lib/xtensa-lx106-elf/picolibc.specs -mlongcalls")
set(CMAKE_EXE_LINKER_FLAGS_INIT "-nostartfiles -T${CMAKE_CURRENT_LIST_DIR}/lx106.ld")
set(MI32_TARGET_RT
    ${CMAKE_CURRENT_LIST_DIR}/start.S ${CMAKE_CURRENT_LIST_DIR}/rt.c ${CMAKE_CURRENT_LIST_DIR}/math.c)
include(${CMAKE_CURRENT_LIST_DIR}/../target/toolchain.cmake)
