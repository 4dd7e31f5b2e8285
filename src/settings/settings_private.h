/* settings_private.h: what the files of this folder share. */
#ifndef MI32_SETTINGS_SETTINGS_PRIVATE_H
#define MI32_SETTINGS_SETTINGS_PRIVATE_H

#include "settings/settings.h"

struct cJSON;

/* Members of names that this program does not know; more than this is no file of ours. */
#define SETTINGS_UNKNOWN_MAX 4096

/* A value in either of its forms; a number's text is NULL. */
struct settings_slot {
    int32_t number;
    char *text; /* row->max + 1 bytes of the pool */
};

struct settings_state {
    struct settings_slot value; /* in force */
    struct settings_slot kept;  /* without the configuration file; while is_held */
    char *standard;             /* the default of a text */
    unsigned fixed_line;
    const char *fixed_in; /* the name of that line's file */
    bool is_held;         /* value comes from the configuration file, as it is or as it was before
                             settings_unfix() */
};

struct settings {
    void (*on_change)(void *user, enum settings_id id);
    void *user;
    struct settings_state states[SETTINGS_COUNT];
    const char *file;                   /* the name of the configuration file that is read */
    char why[320];                      /* which has room for the longest name of a file */
    char unknown[SETTINGS_UNKNOWN_MAX]; /* "name":value,... as they came */
    char pool[];
};

/* What the setting is without the configuration file. */
struct settings_slot *settings_own_slot(struct settings *s, enum settings_id id);

/*
 * The form of the stored file. Its version grows when a name or the meaning of a value changes (not
 * when a setting is added: older programs keep what they do not know). One step brings the members
 * of a file from the version `from` to the next.
 */
struct settings_step {
    int from;
    void (*bring_up)(struct cJSON *members);
};
struct settings_format {
    int version;
    const struct settings_step *steps; /* in their order */
    size_t count;
};

/* settings_read() of a program whose files have that form. */
enum settings_error settings_read_as(struct settings *s, const struct settings_format *format,
                                     const char *text, size_t len, char *problem, size_t size);

#endif
