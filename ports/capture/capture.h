/*
 * capture.h: recorded adverts. `mi32 decode`, the replay radio and the fuzzer read them here, in
 * any of these forms, told apart by their first bytes:
 *
 * - JSON Lines: {"adv_hex":"0201...", "mac":"A4:C1:38:01:23:45", "rssi":-60, "key":null, "t":1.5,
 *   "addr_type":"random", "name":"...", "kind":"..."}; mac and adv_hex must be there, members that
 *   are not known are skipped
 * - lines of hex digits: a payload (AD structures), or an HCI event when it begins with 043e and a
 *   length that fits; both forms may be mixed with JSON in one file
 * - btsnoop files of HCI packets (btmon -w, Android's snoop log): LE advertising reports, all else
 *   in them is skipped; the form is at btsnoop.c
 *
 * A line that is wrong is one fault; the lines after it are read.
 */
#ifndef MI32_PORTS_CAPTURE_CAPTURE_H
#define MI32_PORTS_CAPTURE_CAPTURE_H

#include "base/advert.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CAPTURE_LINE_MAX 16384 /* characters */
#define CAPTURE_NAME_MAX 127   /* bytes of `name` */
#define CAPTURE_KIND_MAX 31
#define CAPTURE_KEY_MAX  16

enum capture_key {
    CAPTURE_KEY_MISSING, /* the line says nothing about a key */
    CAPTURE_KEY_NONE,    /* null: there is none */
    CAPTURE_KEY_GIVEN,
};

/* One advert as recorded. Not to be copied: advert.data points into `data`. */
struct capture_advert {
    struct advert advert; /* heard_ms is 0 */
    bool has_mac;         /* a payload in hex alone tells no sender; advert.addr is then zero */
    bool has_time;
    uint64_t t_ms; /* since some moment that is the same for all of the recording */
    enum capture_key key_state;
    uint8_t key[CAPTURE_KEY_MAX];
    uint8_t key_len;                 /* 16 (bind key) or 12 (beacon key of old remotes) */
    char name[CAPTURE_NAME_MAX + 1]; /* "" when there is none */
    char kind[CAPTURE_KIND_MAX + 1];
    uint8_t data[ADVERT_LEN_MAX];
};

enum capture_reason {
    CAPTURE_UNREADABLE, /* reading failed; nothing follows */
    CAPTURE_LINE_TOO_LONG,
    CAPTURE_ZERO_BYTE,
    CAPTURE_NOT_JSON,
    CAPTURE_TRAILING_TEXT,
    CAPTURE_NO_HEX_DIGIT,
    CAPTURE_ODD_DIGITS,
    CAPTURE_ADVERT_TOO_LONG,
    CAPTURE_MEMBER_MISSING,
    CAPTURE_NO_TEXT,
    CAPTURE_TEXT_TOO_LONG,
    CAPTURE_BAD_MAC,
    CAPTURE_BAD_ADDR_TYPE,
    CAPTURE_BAD_RSSI,
    CAPTURE_BAD_KEY,
    CAPTURE_BAD_TIME,
    CAPTURE_NO_REPORT, /* an HCI event that is no LE advertising report */
    CAPTURE_BAD_REPORT,
    CAPTURE_SNOOP_UNKNOWN, /* a btsnoop file of another version or content */
    CAPTURE_SNOOP_CUT,
    CAPTURE_NO_SENDER, /* for the replay radio: a payload without the address of its sender */
};

struct capture_fault {
    enum capture_reason reason;
    unsigned line;      /* from 1; in a btsnoop file the record */
    unsigned column;    /* from 1; 0 where `member` says more */
    const char *member; /* of the JSON object, or NULL */
    bool is_record;
};

#define CAPTURE_FAULT_TEXT_SIZE 160

/* "line 12: mac: 12 hex digits are needed, with colons or without"; returns `out`. */
char *capture_fault_text(const struct capture_fault *fault, char out[CAPTURE_FAULT_TEXT_SIZE]);

/* Where the bytes come from. */
struct capture_input {
    void *user;

    /* Up to `size` bytes: how many, 0 at the end, -1 when reading failed. */
    long (*read)(void *user, void *out, size_t size);
};

enum capture_result {
    CAPTURE_ADVERT, /* *out is filled */
    CAPTURE_FAULT,  /* *fault is filled; going on is fine */
    CAPTURE_END,
};

struct capture_reader;

/* NULL without memory. `input` is used until capture_reader_free(). */
struct capture_reader *capture_reader_new(struct capture_input input);
void capture_reader_free(struct capture_reader *reader);

/* The next advert or fault, in the order of the recording. */
enum capture_result capture_next(struct capture_reader *reader, struct capture_advert *out,
                                 struct capture_fault *fault);

/* Line (or record) of what capture_next() gave last. */
unsigned capture_line(const struct capture_reader *reader);

#endif
