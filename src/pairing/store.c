/* store.c: the way of a new key to the disk. It goes through the same commands that a user would
 * type, so that all that hangs on them happens; then the port says when it is durable. */
#include "pairing/pairing_private.h"

#include "base/hex.h"
#include "crypto/crypto.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

#define REMEDY "MI32PairKey shows the key on a local terminal; MI32Key enters it"

char *pairing_key_text(const struct pairing *p, char out[PAIRING_KEY_TEXT_SIZE])
{
    hex_encode(p->keys.key, p->keys.key_len, HEX_LOWER, out);
    mac_print(p->mac, out + 2 * (size_t)p->keys.key_len);
    return out;
}

void pairing_forget(struct pairing *p)
{
    cx_wipe(&p->keys, sizeof(p->keys));
    p->store = PAIRING_NO_KEY;
}

static void failed(struct pairing *p, const char *why)
{
    p->store = PAIRING_UNSAVED;
    snprintf(p->error, sizeof(p->error), "the key is not saved: %s", why);
    p->remedy = REMEDY;
}

/* ---- commands ---- */

/* Keeps the reason of a command that failed. */
static void hear_reply(void *user, const char *level, const char *json)
{
    struct pairing *p = user;
    cJSON *reply = cJSON_Parse(json);
    const char *reason = cJSON_GetStringValue(cJSON_GetObjectItem(reply, "Reason"));

    (void)level;
    if (reason)
        failed(p, reason);
    cJSON_Delete(reply);
}

static bool run(struct pairing *p, const char *line)
{
    const enum bus_result result =
        bus_command(p->config.bus, line, strlen(line), BUS_LOCAL, 0, hear_reply, p);

    if (result != BUS_DONE && p->store != PAIRING_UNSAVED)
        failed(p, "the gateway does not take it");
    return result == BUS_DONE;
}

static bool enter(struct pairing *p)
{
    char key[PAIRING_KEY_TEXT_SIZE], line[sizeof("MI32Approve ") + PAIRING_KEY_TEXT_SIZE];

    snprintf(line, sizeof(line), "MI32Key %s", pairing_key_text(p, key));
    const bool is_entered = run(p, line);
    cx_wipe(key, sizeof(key));
    cx_wipe(line, sizeof(line));
    if (!is_entered)
        return false;
    snprintf(line, sizeof(line), "MI32Approve %s", mac_print(p->mac, key));
    return run(p, line);
}

/* ---- saving ---- */

static void saved(void *user, enum port_files_error error)
{
    struct pairing *p = user;

    if (p->store == PAIRING_SAVING && error == PORT_FILES_OK)
        p->store = PAIRING_SAVED;
    else if (p->store == PAIRING_SAVING)
        failed(p, port_files_error_text(error));
    pairing_settle(p);
}

void pairing_store(struct pairing *p)
{
    p->store = PAIRING_SAVING;
    pairing_tell(p, "storing");
    if (enter(p))
        p->config.save(p->config.user, saved, p);
}
