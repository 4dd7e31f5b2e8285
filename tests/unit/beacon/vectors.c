#include "vectors.h"

#include "base/hex.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_SIZE 8192

/* Named one by one, so that a file that got lost is noticed. */
static const char *const files[] = {
    "atc_ble_monitor",
    "bthome1_ble_monitor",
    "bthome2_ble_monitor",
    "foreign_ble_monitor",
    "mibeacon_ble_monitor",
    "qingping_ble_monitor",
    "scale_flora_ble_monitor",
    "theengs",
    "samples",
    "examples",
};

static void fail(const char *file, const char *what)
{
    fprintf(stderr, "%s: %s\n", file, what);
    exit(1);
}

static const char *text_of(const cJSON *line, const char *member)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(line, member));
}

static void read_key(struct vector *v)
{
    const char *key = text_of(v->line, "key");
    uint8_t bytes[16];

    if (key && (!hex_decode(key, strlen(key), bytes, sizeof(bytes)) ||
                !beacon_key_set(&v->key, bytes, strlen(key) / 2)))
        fail(v->name, "bad key");
}

static void read_vector(struct vector *v)
{
    const char *hex = text_of(v->line, "adv_hex");
    const char *mac = text_of(v->line, "mac");
    const cJSON *rssi = cJSON_GetObjectItemCaseSensitive(v->line, "rssi");

    v->name = text_of(v->line, "name");
    v->expect = cJSON_GetObjectItemCaseSensitive(v->line, "expect");
    if (!v->name || !v->expect || !hex || !mac || !cJSON_IsNumber(rssi))
        fail(v->file, "a line is no vector");
    if (!hex_decode(hex, strlen(hex), v->bytes, sizeof(v->bytes)) ||
        !mac_parse(mac, strlen(mac), &v->advert.addr))
        fail(v->name, "bad adv_hex or mac");
    v->advert.data = v->bytes;
    v->advert.len = (uint16_t)(strlen(hex) / 2);
    v->advert.rssi = (int8_t)rssi->valueint;
    read_key(v);
}

static size_t each_of_file(const char *file, void (*each)(const struct vector *v, void *user),
                           void *user)
{
    char path[512], text[LINE_SIZE];
    size_t n = 0;

    snprintf(path, sizeof(path), "%s/vectors/%s.jsonl", TEST_DATA, file);
    FILE *f = fopen(path, "r");
    if (!f)
        fail(path, "cannot be read");
    while (fgets(text, sizeof(text), f)) {
        struct vector v = { .file = file, .line = cJSON_Parse(text) };
        if (!v.line)
            fail(path, "a line is no JSON");
        read_vector(&v);
        each(&v, user);
        beacon_key_clear(&v.key);
        cJSON_Delete(v.line);
        n++;
    }
    fclose(f);
    return n;
}

size_t vectors_each(void (*each)(const struct vector *v, void *user), void *user)
{
    size_t n = 0;

    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
        n += each_of_file(files[i], each, user);
    return n;
}
