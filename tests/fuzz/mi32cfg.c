/* mi32cfg and the state file: whatever bytes they hold, what was taken is written back as JSON that
 * reads as the same sensors, and reading it again finds nothing wrong. The first byte of the input
 * says which of the two it is. */
#include "fuzz/fuzz.h"

#include "registry/registry.h"

#include <cjson/cJSON.h>

#define SENSORS 12
#define ROOM    8192

struct house {
    struct registry *reg;
    void *memory;
};

static struct house open_house(void)
{
    struct registry_config config = registry_config_for(SENSORS);

    config.texts = SENSORS;
    const size_t size = registry_memory(&config);
    struct house h = { .memory = fuzz_copy("", 0, size) };
    h.reg = registry_open(&config, h.memory, size, 1000);
    fuzz_expect(h.reg != NULL, "its own size is enough");
    return h;
}

static void close_house(struct house *h)
{
    registry_close(h->reg);
    free(h->memory);
}

static void count_problem(void *user, unsigned line, const char *reason)
{
    unsigned *problems = user;

    fuzz_expect(line > 0, "lines count from 1");
    fuzz_expect(reason != NULL && reason[0] != '\0', "a reason is given");
    (*problems)++;
}

static unsigned count_listed(const struct registry *reg)
{
    struct registry_sensor sensor;
    unsigned n = 0;

    for (uint32_t slot = 0; registry_next(reg, &slot, &sensor); n++)
        fuzz_expect(sensor.flags & REGISTRY_KEPT, "what a file lists is kept");
    return n;
}

static void expect_json(const char *text, bool (*type)(const cJSON *))
{
    cJSON *read = cJSON_ParseWithOpts(text, NULL, true);

    fuzz_expect(read != NULL && type(read), "what is written is JSON of the right type");
    cJSON_Delete(read);
}

static bool is_array(const cJSON *item)
{
    return cJSON_IsArray(item);
}

static bool is_object(const cJSON *item)
{
    return cJSON_IsObject(item);
}

static void read_config(const char *text, size_t len)
{
    static char out[ROOM], again[ROOM];
    unsigned problems = 0;
    struct house one = open_house(), two = open_house();

    const struct registry_reading first =
        registry_config_read(one.reg, text, len, count_problem, &problems);
    fuzz_expect(first.problems == problems, "every problem is told");
    fuzz_expect(first.taken == count_listed(one.reg), "what is taken is listed");
    const size_t n = registry_config_write(one.reg, out, sizeof(out));
    fuzz_expect(n < sizeof(out) && n == strlen(out), "the length is right");
    if (first.taken > 0) {
        expect_json(out, is_array);
        const struct registry_reading second =
            registry_config_read(two.reg, out, n, count_problem, &problems);
        fuzz_expect(second.problems == 0, "what was written has no problems");
        fuzz_expect(second.taken == first.taken, "and all of it comes back");
        registry_config_write(two.reg, again, sizeof(again));
        fuzz_expect(strcmp(out, again) == 0, "as it was");
    }
    close_house(&one);
    close_house(&two);
}

static void read_state(const char *text, size_t len)
{
    static char out[ROOM], again[ROOM];
    unsigned problems = 0;
    struct registry_reading reading = { 0 };
    struct house one = open_house(), two = open_house();

    const enum registry_result result =
        registry_state_read(one.reg, text, len, count_problem, &problems, &reading);
    fuzz_expect(reading.problems <= problems, "every problem is told");
    fuzz_expect(problems - reading.problems <= reading.taken, "what else is told was taken");
    if (result != REGISTRY_OK)
        fuzz_expect(count_listed(one.reg) == 0, "what is refused leaves no trace");
    const size_t n = registry_state_write(one.reg, out, sizeof(out));
    fuzz_expect(n < sizeof(out) && n == strlen(out), "the length is right");
    expect_json(out, is_object);
    fuzz_expect(registry_state_read(two.reg, out, n, count_problem, &problems, &reading) ==
                    REGISTRY_OK,
                "what was written can be read");
    fuzz_expect(reading.problems == 0, "and has no problems");
    fuzz_expect(registry_state_write(two.reg, again, sizeof(again)) == n, "it comes back");
    fuzz_expect(strcmp(out, again) == 0, "as it was");
    close_house(&one);
    close_house(&two);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    char *text = fuzz_copy(data + 1, size - 1, 0);
    if (data[0] == 's')
        read_state(text, size - 1);
    else
        read_config(text, size - 1);
    free(text);
    return 0;
}
