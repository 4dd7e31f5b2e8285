# Runs one example with its stand-ins; what it prints must be exactly what EXPECTED holds.
execute_process(COMMAND ${RUN} ${FLAGS} stubs/drive.be ${EXAMPLE}
    OUTPUT_VARIABLE got ERROR_VARIABLE complaint RESULT_VARIABLE status)
file(READ ${EXPECTED} wanted)
if(NOT status EQUAL 0 OR NOT got STREQUAL wanted)
    message(FATAL_ERROR "${EXAMPLE} (status ${status}) printed\n${got}\n${complaint}\ninstead of\n${wanted}")
endif()
