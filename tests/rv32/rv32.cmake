# CMake toolchain file: rv32imc, the instruction set of the ESP32-C3, bare metal with picolibc.
# What all small targets share is in tests/target.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR riscv32)
set(MI32_TARGET rv32)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)

set(CMAKE_C_COMPILER riscv64-unknown-elf-gcc)
set(CMAKE_EXECUTABLE_SUFFIX_C .elf)
# Short prologues, as ESP-IDF offers them: 5 % less flash.
# For size: texts and tables aligned as their types need, and no code for a fast pipeline.
set(CMAKE_C_FLAGS_INIT "--specs=picolibc.specs -march=rv32imc -mabi=ilp32 -msave-restore -malign-data=natural -mtune=size")
set(CMAKE_EXE_LINKER_FLAGS_INIT
    "--crt0=semihost --oslib=semihost -T${CMAKE_CURRENT_LIST_DIR}/rv32.ld -Wl,--no-warn-rwx-segments")
set(MI32_TARGET_RT ${CMAKE_CURRENT_LIST_DIR}/rt.c)
set(MI32_TARGET_RT_FLAGS -march=rv32imc_zicsr)  # control registers; link without: Debian's GCC
                                                # takes the 64-bit libraries for it
include(${CMAKE_CURRENT_LIST_DIR}/../target/toolchain.cmake)
