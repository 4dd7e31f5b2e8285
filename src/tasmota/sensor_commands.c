/* sensor_commands.c: what a user decides about one sensor, and saving the list of them. */
#include "tasmota/tasmota_private.h"

#include "crypto/crypto.h"
#include "port/files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONFIG_NAME "mi32cfg"

enum bus_result tasmota_find(struct tasmota *t, struct bus_call *call, const struct bus_value *arg,
                             struct registry_sensor *sensor)
{
    if (registry_find_text(t->registry, arg->text, strlen(arg->text), sensor))
        return BUS_DONE;
    return bus_fail(call, "no sensor %s, or more than one; MI32Sensors lists them", arg->text);
}

enum bus_result tasmota_answer(struct bus_call *call, enum registry_result result)
{
    return result == REGISTRY_OK ? BUS_DONE : bus_fail(call, "%s", registry_result_text(result));
}

/* The address that an argument means, of a sensor that was never heard, too. */
static enum bus_result find_address(struct tasmota *t, struct bus_call *call,
                                    const struct bus_value *arg, struct mac *mac)
{
    struct registry_sensor sensor;

    if (mac_parse(arg->text, strlen(arg->text), mac))
        return BUS_DONE;
    const enum bus_result result = tasmota_find(t, call, arg, &sensor);
    if (result == BUS_DONE)
        *mac = sensor.mac;
    return result;
}

/* ---- mi32cfg ---- */

static void config_saved(void *user, enum port_files_error error)
{
    struct tasmota *t = user;

    if (error != PORT_FILES_OK) {
        bus_log(t->bus, BUS_ERROR, port_files_error_remedy(error), CONFIG_NAME " is not saved: %s",
                port_files_error_text(error));
        return;
    }
    registry_config_saved(t->registry);
    bus_log(t->bus, BUS_INFO, "", CONFIG_NAME " is saved");
}

static enum bus_result start_saving(struct tasmota *t, struct bus_call *call, char *text,
                                    size_t size)
{
    const struct port_files *files = t->port->files;
    const size_t len = registry_config_write(t->registry, text, size);
    const enum port_files_error error =
        files->save(files->self, CONFIG_NAME, text, len, true, config_saved, t);

    if (error == PORT_FILES_OK)
        return BUS_DONE;
    return bus_fail(call, CONFIG_NAME " is not saved: %s; %s", port_files_error_text(error),
                    port_files_error_remedy(error));
}

enum bus_result tasmota_save_config(struct tasmota *t, struct bus_call *call)
{
    char none[1];
    const size_t size = registry_config_write(t->registry, none, 0) + 1;
    char *text = size > 1 ? malloc(size) : NULL;

    if (size == 1)
        return bus_fail(call, "there is no sensor in the list yet; nothing is saved");
    if (!text)
        return bus_fail(call, "no memory; nothing is saved");
    const enum bus_result result = start_saving(t, call, text, size);
    cx_wipe(text, size); /* keys */
    free(text);
    return result;
}

static enum bus_result run_cfg(void *room, struct bus_call *call)
{
    return tasmota_save_config(room, call);
}

/* ---- one sensor ---- */

static enum bus_result check_key(void *room, struct bus_call *call)
{
    const char *text = call->args[0].text;
    struct registry_key_arg key;

    (void)room;
    const enum registry_result result = registry_key_parse(text, strlen(text), &key);
    cx_wipe(&key, sizeof(key));
    return tasmota_answer(call, result);
}

/* The key is tried on the frames that were kept because nobody could open them. */
static enum bus_result run_key(void *room, struct bus_call *call)
{
    struct tasmota *t = room;
    struct registry_key_arg key = { 0 };
    struct registry_trial trial = { 0 };
    char opens[32];
    enum registry_result result =
        registry_key_parse(call->args[0].text, strlen(call->args[0].text), &key);

    if (result == REGISTRY_OK)
        result = registry_set_key(t->registry, key.mac, key.bytes, key.len, &trial);
    cx_wipe(key.bytes, sizeof(key.bytes));
    if (result != REGISTRY_OK)
        return tasmota_answer(call, result);
    json_text(call->reply, call->name, "Done");
    if (trial.tried == 0)
        return BUS_DONE;
    snprintf(opens, sizeof(opens), "%u of %u", trial.opened, trial.tried);
    json_text(call->reply, "Opens", opens);
    if (trial.opened == 0)
        json_text(call->reply, "Hint", "it opens nothing of what was heard: is it the right key?");
    return BUS_DONE;
}

static bool is_lone_quote(const char *text)
{
    return strcmp(text, "\"") == 0 || strcmp(text, "\"\"") == 0;
}

static enum bus_result run_name(void *room, struct bus_call *call)
{
    struct tasmota *t = room;
    const struct bus_value *name = &call->args[1];
    struct registry_sensor sensor;
    char label[REGISTRY_LABEL_SIZE];
    enum bus_result result = tasmota_find(t, call, &call->args[0], &sensor);

    if (result == BUS_DONE && name->given) {
        const struct mac mac = sensor.mac;
        const size_t len = is_lone_quote(name->text) ? 0 : strlen(name->text);
        result = tasmota_answer(call, registry_set_name(t->registry, mac, name->text, len));
        registry_find(t->registry, mac, &sensor);
    }
    if (result == BUS_DONE)
        json_text(call->reply, call->name, registry_label(&sensor, label));
    return result;
}

/* Approving is meant to last. Where mi32cfg rules the list (MI32Option3 0) it goes in at once;
 * otherwise that would take in every stranger of the moment, and the registry's state keeps it. */
static enum bus_result run_approve(void *room, struct bus_call *call)
{
    struct tasmota *t = room;
    struct registry_sensor sensor;
    enum bus_result result = tasmota_find(t, call, &call->args[0], &sensor);

    if (result == BUS_DONE)
        result = tasmota_answer(call, registry_approve(t->registry, sensor.mac));
    if (result == BUS_DONE && !registry_auto_add(t->registry))
        result = tasmota_save_config(t, call);
    return result;
}

static enum bus_result run_ignore(void *room, struct bus_call *call)
{
    struct tasmota *t = room;
    struct mac mac;
    const enum bus_result result = find_address(t, call, &call->args[0], &mac);

    return result == BUS_DONE ? tasmota_answer(call, registry_ignore(t->registry, mac)) : result;
}

static enum bus_result run_forget(void *room, struct bus_call *call)
{
    struct tasmota *t = room;
    struct registry_sensor sensor;
    const enum bus_result result = tasmota_find(t, call, &call->args[0], &sensor);

    if (result != BUS_DONE)
        return result;
    return tasmota_answer(call, registry_forget(t->registry, sensor.mac));
}

static enum bus_result run_replace(void *room, struct bus_call *call)
{
    struct tasmota *t = room;
    struct registry_sensor old;
    struct mac fresh;
    enum bus_result result = tasmota_find(t, call, &call->args[0], &old);

    if (result == BUS_DONE)
        result = find_address(t, call, &call->args[1], &fresh);
    if (result != BUS_DONE)
        return result;
    return tasmota_answer(call, registry_replace(t->registry, old.mac, fresh));
}

static enum bus_result run_plain(void *room, struct bus_call *call)
{
    struct tasmota *t = room;
    const struct bus_value *allow = &call->args[1];
    struct registry_sensor sensor;
    enum bus_result result = tasmota_find(t, call, &call->args[0], &sensor);

    if (result == BUS_DONE && allow->given) {
        const struct mac mac = sensor.mac;
        result = tasmota_answer(call, registry_allow_plain(t->registry, mac, allow->number != 0));
        registry_find(t->registry, mac, &sensor);
    }
    if (result == BUS_DONE)
        json_int(call->reply, call->name, (sensor.flags & REGISTRY_PLAIN_OK) != 0);
    return result;
}

#define SENSOR(what)                                                                               \
    {                                                                                              \
        .kind = BUS_ARG_SENSOR, .name = (what)                                                     \
    }

static const struct bus_row rows[] = {
    { .name = "MI32Cfg",
      .flags = BUS_CHANGES,
      .help = "Saves the list of sensors with their keys as mi32cfg, which is read at the start.",
      .run = run_cfg },
    { .name = "MI32Key",
      .flags = BUS_CHANGES | BUS_SECRET,
      .args = { { .kind = BUS_ARG_TEXT, .name = "key and MAC" } },
      .help = "Sets the key of a sensor: 32 key digits (24 for a legacy remote control) and the 12 "
              "digits of its MAC. The sensor need not have been heard yet.",
      .run = run_key,
      .check = check_key },
    { .name = "MI32Name",
      .flags = BUS_CHANGES,
      .args = { SENSOR("sensor"), { .kind = BUS_ARG_TEXT, .name = "name", .optional = true } },
      .help = "Names a sensor; a lone \" gives it back the name made of model and address.",
      .run = run_name },
    { .name = "MI32Approve",
      .flags = BUS_CHANGES,
      .args = { SENSOR("sensor") },
      .help = "Adds a sensor to the list for good.",
      .run = run_approve },
    { .name = "MI32Ignore",
      .flags = BUS_CHANGES,
      .args = { SENSOR("sensor") },
      .help = "Never shows a sensor again, a neighbour's for example; MI32Approve brings it back.",
      .run = run_ignore },
    { .name = "MI32Forget",
      .flags = BUS_CHANGES,
      .args = { SENSOR("sensor") },
      .help =
          "Drops all that is known about a sensor, its key included; it is new when heard again.",
      .run = run_forget },
    { .name = "MI32Replace",
      .flags = BUS_CHANGES,
      .args = { SENSOR("old"), SENSOR("new") },
      .help = "Lets new hardware take the place of an old sensor: name, slot and topics stay.",
      .run = run_replace },
    { .name = "MI32Plain",
      .flags = BUS_CHANGES,
      .args = { SENSOR("sensor"), { .kind = BUS_ARG_SWITCH, .name = "on", .optional = true } },
      .help = "1: accepts unencrypted values of a sensor though it has a key, 0: refuses them.",
      .run = run_plain },
};

void tasmota_sensor_commands(struct tasmota *t)
{
    bus_register(t->bus, rows, sizeof(rows) / sizeof(rows[0]), t);
}
