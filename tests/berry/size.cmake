# The flash that the engine takes on a small target: code and constants of its library, before unused
# parts are dropped. More than LIMIT bytes fail.
execute_process(COMMAND ${SIZE} -t ${LIBRARY} OUTPUT_VARIABLE table RESULT_VARIABLE status)
if(NOT status EQUAL 0 OR NOT table MATCHES "([0-9]+)[ \t]+([0-9]+)[ \t]+([0-9]+)[ \t]+[0-9]+[ \t]+[0-9a-f]+[ \t]+\\(TOTALS\\)")
    message(FATAL_ERROR "no sizes of ${LIBRARY}: ${table}")
endif()
math(EXPR flash "${CMAKE_MATCH_1} + ${CMAKE_MATCH_2}")
math(EXPR ram "${CMAKE_MATCH_2} + ${CMAKE_MATCH_3}")
message("Berry engine: flash ${flash} bytes, static RAM ${ram} bytes, limit ${LIMIT}")
if(flash GREATER LIMIT)
    message(FATAL_ERROR "too much flash")
endif()
