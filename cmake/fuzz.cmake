# A fuzz target is one program that libFuzzer feeds:
#
#     mi32_fuzz(mibeacon SOURCES mibeacon.c USES beacon crypto_openssl)
#
# It is built by the preset `fuzz` only (clang, address and undefined-behaviour sanitizers). Its
# corpus is tests/fuzz/corpus/NAME and a dictionary, where it has one, tests/fuzz/NAME.dict. ctest
# replays the corpus and searches for MI32_FUZZ_SECONDS (5 unless set) more; what it found stays in
# the build folder. LIBS names system libraries a target needs to judge what it gets.
function(mi32_fuzz name)
    cmake_parse_arguments(f "" "" "SOURCES;USES;LIBS" ${ARGN})
    list(TRANSFORM f_USES PREPEND mi32_)
    add_executable(fuzz_${name} ${f_SOURCES})
    target_include_directories(fuzz_${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
    target_compile_definitions(fuzz_${name} PRIVATE
        TEST_DATA="${PROJECT_SOURCE_DIR}/tests")
    target_link_libraries(fuzz_${name} PRIVATE ${f_USES} ${f_LIBS} mi32_warnings)
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
    add_dependencies(fuzzers fuzz_${name})
    add_test(NAME fuzz/${name}
        COMMAND ${PROJECT_SOURCE_DIR}/tests/fuzz/run $<TARGET_FILE:fuzz_${name}> ${name})
    set_tests_properties(fuzz/${name} PROPERTIES LABELS fuzz)
endfunction()

option(MI32_FUZZ "Build the fuzz targets (needs clang)" OFF)
if(MI32_FUZZ)
    add_custom_target(fuzzers)
endif()
