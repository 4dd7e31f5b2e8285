# A unit test is one program made of cmocka tests:
#
#     mi32_test(beacon_mibeacon SOURCES test_mibeacon.c USES beacon crypto_backend)
#
# USES names rooms and ports (without the mi32_ prefix), LIBS system libraries; crypto_backend is the
# crypto port that this build has. It runs under ctest as unit/NAME: on the host and, where all it
# uses is there (floors 0 to 2 and crypto), on the small targets too; HOST_ONLY keeps one off them.
# In a build with MI32_VALGRIND it runs as valgrind/NAME as well; NO_VALGRIND keeps one out that
# would take minutes there, and so does heap_count, which replaces the same functions as valgrind.
function(mi32_test name)
    cmake_parse_arguments(t "NO_VALGRIND;HOST_ONLY" "" "SOURCES;USES;LIBS;ARGS" ${ARGN})
    list(TRANSFORM t_USES PREPEND mi32_)
    if(MI32_TARGET)
        foreach(used IN LISTS t_USES)
            if(t_HOST_ONLY OR NOT TARGET ${used})
                message(STATUS "not for ${MI32_TARGET}: test ${name}")
                return()
            endif()
        endforeach()
    endif()
    add_executable(test_${name} ${t_SOURCES})
    target_link_libraries(test_${name} PRIVATE ${t_USES} ${t_LIBS} mi32_warnings mi32_cmocka)
    target_compile_definitions(test_${name} PRIVATE
        TEST_DATA="${PROJECT_SOURCE_DIR}/tests")
    add_test(NAME unit/${name} COMMAND test_${name} ${t_ARGS})
    set_tests_properties(unit/${name} PROPERTIES LABELS unit)
    if(MI32_VALGRIND AND NOT t_NO_VALGRIND AND NOT "mi32_heap_count" IN_LIST t_USES)
        add_test(NAME valgrind/${name} COMMAND valgrind --quiet --error-exitcode=99
            --leak-check=full $<TARGET_FILE:test_${name}> ${t_ARGS})
        set_tests_properties(valgrind/${name} PROPERTIES LABELS valgrind)
    endif()
endfunction()

option(MI32_VALGRIND "Run the unit tests once more under valgrind" OFF)
