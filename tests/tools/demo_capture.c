/* demo_capture: writes one round of the demo house as JSON Lines with what each line should decode
 * to (demo_capture FILE), or its mi32cfg (demo_capture --mi32cfg FILE). share/demo holds both, and
 * a test compares them with what this writes today. */
#include "demo_line.h"

#include "base/hex.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define START_COUNTER 0x000100

static void write_line(FILE *file, const struct demo_line *line)
{
    char out[1024], hex[2 * DEMO_DATA_MAX + 1], mac[MAC_TEXT_LEN + 1];
    struct json j;

    json_init(&j, out, sizeof(out));
    json_object(&j, NULL);
    json_fixed(&j, "t", (int64_t)line->t_ms, -3, 1);
    json_text(&j, "name", line->name);
    json_text(&j, "mac", mac_print(line->addr, mac));
    if (line->addr_type == ADVERT_ADDR_RANDOM)
        json_text(&j, "addr_type", "random");
    json_int(&j, "rssi", line->rssi);
    json_text(&j, "adv_hex", hex_encode(line->data, line->len, HEX_LOWER, hex));
    demo_line_expect(&j, line);
    json_object_end(&j);
    if (!json_ok(&j))
        abort();
    fprintf(file, "%s\n", out);
}

static void write_round(FILE *file)
{
    struct demo *demo = malloc(sizeof(*demo));
    const struct demo_line *line;

    if (!demo || !demo_init(demo, START_COUNTER))
        abort();
    while ((line = demo_next(demo))->t_ms < DEMO_ROUND_MS)
        write_line(file, line);
    demo_free(demo);
    free(demo);
}

static void write_mi32cfg(FILE *file)
{
    char out[DEMO_MI32CFG_SIZE];

    if (demo_mi32cfg(out, sizeof(out)) == 0)
        abort();
    fprintf(file, "%s\n", out);
}

int main(int argc, char **argv)
{
    const int is_config = argc == 3 && strcmp(argv[1], "--mi32cfg") == 0;
    FILE *file = argc == 2 || is_config ? fopen(argv[argc - 1], "w") : NULL;

    if (!file) {
        fprintf(stderr, "usage: demo_capture [--mi32cfg] FILE\n");
        return 2;
    }
    (is_config ? write_mi32cfg : write_round)(file);
    return fclose(file) == 0 ? 0 : 1;
}
