/* A key schedule is paid for once: opening and sealing ask for no memory, wrong tags included. */
#include "crypto/crypto.h"

#include "heap_count.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static void the_meter_works(void **state)
{
    (void)state;
    size_t before = heap_count();
    void *volatile p = malloc(1);
    assert_int_equal(heap_count() - before, 1);
    free(p);
}

static void a_schedule_allocates(void **state)
{
    static const uint8_t bytes[16] = { 1 };
    struct cx_ccm_key key = { NULL };

    (void)state;
    size_t before = heap_count();
    assert_int_equal(cx_ccm_key_init(&key, bytes), CX_OK);
    assert_true(heap_count() > before);
    cx_ccm_key_free(&key);
}

/* Every pair of lengths in use, right and wrong tags, from the very first call on. */
static void calls_do_not_allocate(void **state)
{
    static const uint8_t bytes[16] = { 1 }, nonce[13] = { 2 }, aad[1] = { 0x11 };
    struct cx_ccm_key key = { NULL };
    uint8_t text[40] = { 0 }, tag[16] = { 0 };
    int wrong = 0;

    (void)state;
    assert_int_equal(cx_ccm_key_init(&key, bytes), CX_OK);
    size_t before = heap_count();
    for (uint8_t i = 0; i < 100; i++) {
        struct cx_ccm_call call = { .nonce = nonce,
                                    .nonce_len = (uint8_t)(11 + i % 3),
                                    .tag_len = i % 2 ? 16 : 4,
                                    .aad = aad,
                                    .aad_len = 1,
                                    .in = text,
                                    .len = i % sizeof(text) };
        wrong += cx_ccm_seal(&key, &call, text, tag) != CX_OK;
        wrong += cx_ccm_open(&key, &call, tag, text) != CX_OK;
        tag[0] ^= 1;
        wrong += cx_ccm_open(&key, &call, tag, text) != CX_BAD_TAG;
        call.tag_len = 3;
        wrong += cx_ccm_open(&key, &call, tag, text) != CX_FAILED;
    }
    assert_int_equal(heap_count() - before, 0);
    assert_int_equal(wrong, 0);
    cx_ccm_key_free(&key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_meter_works),
        cmocka_unit_test(a_schedule_allocates),
        cmocka_unit_test(calls_do_not_allocate),
    };

    heap_count_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
