# Everything a build for a small target has beyond src: the run-time support linked into each
# program, and the libraries built from Debian's sources (MI32_SOURCES, filled by sources.sh), under
# the names they have on the host. A listed file that this version of a library does not have is left
# out: Mbed TLS 3 has split some that are one in 2.
set(here ${CMAKE_CURRENT_LIST_DIR})
set(MI32_SOURCES ${PROJECT_SOURCE_DIR}/build-sources CACHE PATH "unpacked library sources")

add_library(target_rt OBJECT ${here}/rt.c ${MI32_TARGET_RT})
set_source_files_properties(${MI32_TARGET_RT} PROPERTIES LANGUAGE C)    # start.S without enabling ASM
target_include_directories(target_rt PRIVATE ${PROJECT_SOURCE_DIR}/tests)
target_compile_options(target_rt PRIVATE ${MI32_TARGET_RT_FLAGS})
add_link_options(-Wl,--gc-sections)
link_libraries($<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:$<TARGET_OBJECTS:target_rt>>)

# The libraries' own files are none of our warnings' business, nor is their size.
function(foreign_library name)
    cmake_parse_arguments(l "" "DIR" "SOURCES;INCLUDES;DEFINES" ${ARGN})
    list(TRANSFORM l_SOURCES PREPEND ${MI32_SOURCES}/${l_DIR}/)
    list(TRANSFORM l_INCLUDES PREPEND ${MI32_SOURCES}/${l_DIR}/)
    foreach(file IN LISTS l_SOURCES)
        if(NOT EXISTS ${file})
            list(REMOVE_ITEM l_SOURCES ${file})
        endif()
    endforeach()
    add_library(${name} STATIC ${l_SOURCES})
    set_target_properties(${name} PROPERTIES C_EXTENSIONS ON)
    target_compile_options(${name} PRIVATE -w -O2)
    target_include_directories(${name} SYSTEM PUBLIC ${l_INCLUDES})
    target_compile_definitions(${name} PUBLIC ${l_DEFINES})
endfunction()

foreign_library(cmocka DIR cmocka
    SOURCES src/cmocka.c
    INCLUDES include)
target_compile_definitions(cmocka PRIVATE
    _GNU_SOURCE HAVE_SIGNAL_H HAVE_STRINGS_H HAVE_INTTYPES_H)

foreign_library(cjson DIR cjson
    SOURCES cJSON.c)
# Debian's package has the header in a folder of its own.
configure_file(${MI32_SOURCES}/cjson/cJSON.h ${PROJECT_BINARY_DIR}/include/cjson/cJSON.h COPYONLY)
target_include_directories(cjson SYSTEM PUBLIC ${PROJECT_BINARY_DIR}/include)

foreign_library(mbedcrypto DIR mbedtls/library
    SOURCES aes.c bignum.c bignum_core.c bignum_mod.c bignum_mod_raw.c block_cipher.c ccm.c chacha20.c chachapoly.c cipher.c cipher_wrap.c constant_time.c
        ecp.c ecp_curves.c ecp_curves_new.c hkdf.c hmac_drbg.c md.c platform.c platform_util.c poly1305.c sha256.c
        sha512.c
    INCLUDES ../include
    DEFINES MBEDTLS_CONFIG_FILE="${here}/mbedtls_config.h")

# Ed25519 alone: the portable code, which takes no random numbers and no start-up call.
foreign_library(sodium DIR libsodium/src/libsodium
    SOURCES crypto_sign/ed25519/sign_ed25519.c crypto_sign/ed25519/ref10/keypair.c
        crypto_sign/ed25519/ref10/open.c crypto_sign/ed25519/ref10/sign.c
        crypto_core/ed25519/ref10/ed25519_ref10.c crypto_hash/sha512/cp/hash_sha512_cp.c
        crypto_verify/sodium/verify.c sodium/core.c sodium/utils.c randombytes/randombytes.c
    INCLUDES include)
target_include_directories(sodium PRIVATE ${MI32_SOURCES}/libsodium/src/libsodium/include/sodium)
target_compile_definitions(sodium PRIVATE CONFIGURED=1)

# What ports/crypto would look for on a host.
set(MBEDTLS_INCLUDE_DIR ${MI32_SOURCES}/mbedtls/include)
set(MBEDCRYPTO_LIBRARY mbedcrypto)
set(SODIUM_INCLUDE_DIR ${MI32_SOURCES}/libsodium/src/libsodium/include)
set(SODIUM_LIBRARY sodium)
