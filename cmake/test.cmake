# A unit test is one program made of cmocka tests:
#
#     mi32_test(beacon_mibeacon SOURCES test_mibeacon.c USES beacon crypto_openssl)
#
# USES names rooms and ports (without the mi32_ prefix). It runs under ctest as unit/NAME, on the
# host and, for the rooms of floors 0 to 2, on the small targets too.
function(mi32_test name)
    cmake_parse_arguments(t "" "" "SOURCES;USES;ARGS" ${ARGN})
    list(TRANSFORM t_USES PREPEND mi32_)
    add_executable(test_${name} ${t_SOURCES})
    target_link_libraries(test_${name} PRIVATE ${t_USES} mi32_warnings mi32_cmocka)
    target_compile_definitions(test_${name} PRIVATE
        TEST_DATA="${PROJECT_SOURCE_DIR}/tests")
    add_test(NAME unit/${name} COMMAND test_${name} ${t_ARGS})
    set_tests_properties(unit/${name} PROPERTIES LABELS unit)
endfunction()
