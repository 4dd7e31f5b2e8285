/* Every published advert of tests/vectors decodes to what it says, by the rules of comparison
 * there: each member of `expect` is there and equal (numbers within 0.0001 of max(1, |value|)),
 * "absent" names a field that must not be there, and an outcome other than ok comes without any
 * value. */
#include "vectors.h"

#include "beacon/kinds.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define VECTORS 503 /* 480 of other projects and the examples of the format notes */

/* Lines that cannot be met, each with its reason. */
static const struct {
    const char *name, *why;
} not_met[] = {
    { NULL, NULL },
};

static bool is_excused(const char *name)
{
    for (size_t i = 0; not_met[i].name; i++) {
        if (strcmp(not_met[i].name, name) == 0)
            return true;
    }
    return false;
}

static cJSON *decode(const struct vector *v)
{
    struct beacon_decoded d;
    char text[4096];
    struct json j;

    beacon_decode(&v->advert, &v->key, &d);
    json_init(&j, text, sizeof(text));
    json_object(&j, NULL);
    json_text(&j, "outcome", beacon_outcome_name((enum beacon_outcome)d.outcome));
    beacon_json_frame(&j, &d);
    beacon_json_readings(&j, &v->advert, &d);
    json_object_end(&j);
    assert_true(json_ok(&j));
    return cJSON_Parse(text);
}

static bool equal(const cJSON *expected, const cJSON *got)
{
    if (cJSON_IsNumber(expected)) {
        const double e = expected->valuedouble;
        return cJSON_IsNumber(got) &&
               fabs(got->valuedouble - e) <= 0.0001 * (fabs(e) > 1 ? fabs(e) : 1);
    }
    return cJSON_Compare(expected, got, true);
}

/* The kind a member is named after, its place in the frame (_2) left out. */
static bool is_measured(const char *name)
{
    size_t len = strlen(name);

    if (beacon_kind_find(name, len) != BEACON_KIND_NONE)
        return true;
    while (len > 0 && name[len - 1] >= '0' && name[len - 1] <= '9')
        len--;
    return len > 0 && name[len - 1] == '_' && beacon_kind_find(name, len - 1) != BEACON_KIND_NONE;
}

static bool meets(const cJSON *expect, const cJSON *got)
{
    const cJSON *outcome = cJSON_GetObjectItem(got, "outcome");
    const cJSON *member;

    cJSON_ArrayForEach(member, expect)
    {
        const cJSON *found = cJSON_GetObjectItemCaseSensitive(got, member->string);
        bool good = equal(member, found);
        if (strcmp(member->string, "absent") == 0)
            good = !cJSON_HasObjectItem(got, member->valuestring);
        else if (strcmp(member->string, "outcome_not") == 0)
            good = strcmp(outcome->valuestring, member->valuestring) != 0;
        if (!good) {
            print_error("  %s: not as expected\n", member->string);
            return false;
        }
    }
    if (strcmp(outcome->valuestring, "ok") == 0)
        return true;
    cJSON_ArrayForEach(member, got)
    {
        if (is_measured(member->string)) {
            print_error("  %s: a value in a frame that is not ok\n", member->string);
            return false;
        }
    }
    return true;
}

static void check(const struct vector *v, void *user)
{
    unsigned *wrong = user;
    cJSON *got = decode(v);

    assert_non_null(got);
    const bool good = meets(v->expect, got);
    if (good == is_excused(v->name)) {
        char *text = cJSON_PrintUnformatted(got);
        print_error("%s %s: %s\n  got %s\n", v->file, v->name,
                    good ? "is met, yet excused" : "is not met", text);
        cJSON_free(text);
        (*wrong)++;
    }
    cJSON_Delete(got);
}

static void every_vector_gives_what_it_says(void **state)
{
    unsigned wrong = 0;

    (void)state;
    assert_int_equal(vectors_each(check, &wrong), VECTORS);
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_vector_gives_what_it_says),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
