/* test_crypto.h: the contract of crypto.h as groups of tests, linked with each backend in turn. */
#ifndef MI32_TEST_CRYPTO_H
#define MI32_TEST_CRYPTO_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Bytes written as hex digits in a vector; the longest here are SRP's and a full HAP frame. */
struct blob {
    uint8_t at[1100];
    size_t len;
};

/* Fails the test when `hex` is no hex or too long. */
struct blob blob(const char *hex);

/* True when all `len` bytes are zero. */
int is_zero(const uint8_t *p, size_t len);

/* Each runs a group and gives the number of failed tests. */
int ccm_tests(void);

#endif
