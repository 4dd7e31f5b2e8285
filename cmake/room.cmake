# A room is a folder of src/ that builds into one static library, from one statement:
#
#     mi32_room(beacon
#         SOURCES beacon.c mibeacon.c
#         USES    base crypto)
#
# USES names the rooms whose public headers this one may include; tests/walls reads the same
# statement and fails when an #include says otherwise, or when an arrow does not point down.
# LIBS names system libraries that it needs as well (cjson); the small targets bring their own.
# A room without SOURCES is headers only. The rv32 and lx106 builds use the same statements and take
# the rooms of floors 0 to 2; a component for ESP-IDF can be made from them.
function(mi32_room name)
    if(MI32_TARGET AND NOT name IN_LIST MI32_FLOOR_0 AND NOT name IN_LIST MI32_FLOOR_1
       AND NOT name IN_LIST MI32_FLOOR_2)
        return()
    endif()
    cmake_parse_arguments(room "" "" "SOURCES;USES;LIBS" ${ARGN})
    list(TRANSFORM room_USES PREPEND mi32_)
    if(room_SOURCES)
        add_library(mi32_${name} STATIC ${room_SOURCES})
        target_include_directories(mi32_${name} PUBLIC ${PROJECT_SOURCE_DIR}/src)
        target_link_libraries(mi32_${name} PUBLIC ${room_USES} PRIVATE ${room_LIBS} mi32_warnings)
        set_property(GLOBAL APPEND PROPERTY MI32_ROOM_LIBRARIES mi32_${name})
    else()
        add_library(mi32_${name} INTERFACE)
        target_include_directories(mi32_${name} INTERFACE ${PROJECT_SOURCE_DIR}/src)
        target_link_libraries(mi32_${name} INTERFACE ${room_USES})
    endif()
endfunction()
