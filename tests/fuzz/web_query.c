/* web_query: the parameters of a URL. Whatever the bytes: what is found fits, ends, holds no zero
 * byte within, and was in the text; a bad or absent one is empty. */
#include "fuzz/fuzz.h"

#include "web/query.h"

static void check(const char *query, size_t len, const char *name, size_t size)
{
    char *out = fuzz_copy("", 0, size);

    memset(out, 'x', size);
    const enum web_query found = web_query_find(query, len, name, out, size);
    fuzz_expect(memchr(out, '\0', size) != NULL, "a value ends within its room");
    const size_t out_len = strlen(out);
    fuzz_expect(found == WEB_QUERY_FOUND || out_len == 0, "what is not found is empty");
    fuzz_expect(out_len <= len, "a value is no longer than the text");
    free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = { "cmnd", "user", "password", "", "%" };
    char *query = fuzz_copy(data, size, 0);

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        check(query, size, names[i], 1);
        check(query, size, names[i], 16);
        check(query, size, names[i], 4096);
    }
    free(query);
    return 0;
}
