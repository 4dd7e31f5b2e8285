/* test_crypto.h: the contract of crypto.h as groups of tests, linked with each backend in turn. */
#ifndef MI32_TEST_CRYPTO_H
#define MI32_TEST_CRYPTO_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/crypto.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Bytes written as hex digits in a vector; the longest here are SRP's. */
struct blob {
    uint8_t at[400];
    size_t len;
};

/* Fails the test when `hex` is no hex or too long. */
struct blob blob(const char *hex);

/* The bytes of a blob, and the characters of a text, as a part. */
struct cx_part part_of(const struct blob *b);
struct cx_part part_of_text(const char *text);

/* Fails the test unless `got` is what `hex` says. */
void assert_hex(const uint8_t *got, const char *hex);

/* True when all `len` bytes are zero. */
int is_zero(const uint8_t *p, size_t len);

/* Each runs a group and gives the number of failed tests. */
int ccm_tests(void);
int cipher_tests(void);
int curve_tests(void);
int hash_tests(void);
int modular_tests(void);

#endif
