/*
 * window.h: which authentic frames are new. Private to the registry; pure, so that its rules can be
 * read and tested alone.
 *
 * A window belongs to one (sensor, format) and covers the newest counter and the 63 before it.
 *
 *     counts with     formats                              a replay
 *     32 bits         MiBeacon 5 (ext << 8 | counter),     is refused for ever
 *                     encrypted BTHome
 *     8 bits          encrypted ATC and pvvx, MiBeacon 4   is refused until the counter comes
 *                                                          round: the format is "weak"
 *
 * The ext counter of MiBeacon 4 is random. Of versions 4 and 5 the one heard first under a key
 * counts for both (windows.c says why).
 *
 * What a frame's counter says, compared with the newest one (serial arithmetic, so that a counter
 * may wrap):
 *
 *     ahead       new. With 8 bits only as far ahead as the time since can explain (one step a
 *                 second, at most half the circle), otherwise as below
 *     the same    the frame itself, or a twin: some firmware sends two contents under one counter.
 *                 A second tag within 9 s of the first is new, once for each counter
 *     within 63   heard: a replay. Not heard: new, for a minute after the newest (two radios, or
 *                 firmware that interleaves two rows); later it is one that was held back
 *     below       stale. Three that rise in a row, while no frame of the old row was heard for
 *                 `quiet_ms`, are a counter that began anew after a battery change. With 32 bits
 *                 they must be below half of the old newest, and the silence a day unless the new
 *                 row has just begun: three recorded ones are easily had, of its first frames not
 */
#ifndef MI32_REGISTRY_WINDOW_H
#define MI32_REGISTRY_WINDOW_H

#include <stdbool.h>
#include <stdint.h>

#define WINDOW_TWIN_MS       9000u
#define WINDOW_LATE_MS       60000u
#define WINDOW_RESTART_ROW   3u
#define WINDOW_RESTART_QUIET 120000u /* the least quiet_ms that makes sense */
#define WINDOW_RESTART_LOW   1024u   /* below that a row of 32 bits has just begun */
#define WINDOW_RESTART_LONG  (24u * 3600 * 1000)

struct window {
    uint64_t seen;  /* bit i: the counter top - i was heard */
    uint32_t top;   /* the newest */
    uint32_t heard; /* when that was, lowest 32 bits of the clock in ms */
    union {
        uint32_t rival; /* the newest of a row below */
        uint32_t tag;   /* with row WINDOW_HAS_TAG: of the newest frame, which may have a twin */
    };
    uint16_t next;  /* the pool's */
    uint8_t format; /* enum beacon_format; with WINDOW_8_BITS */
    uint8_t row;    /* how many rivals rose so far, or WINDOW_HAS_TAG */
};

#define WINDOW_HAS_TAG 0xff

/* What an authentic frame says of itself, and when it came (lowest 32 bits). */
struct window_frame {
    uint32_t counter, tag, now_ms;
};

#define WINDOW_8_BITS 0x80

enum window_verdict {
    WINDOW_NEW,     /* and the window has moved; *step says how far, 0 for a late one or a twin */
    WINDOW_SAME,    /* the newest counter once more; nothing has moved */
    WINDOW_STALE,   /* heard before, or too old to tell */
    WINDOW_RESTART, /* the counter began anew; the window starts here */
};

/* Starts the row of a window with its first authentic frame. */
void window_start(struct window *w, uint8_t format, const struct window_frame *f);

/* Judges a further authentic frame and moves the window. */
enum window_verdict window_judge(struct window *w, const struct window_frame *f, uint32_t quiet_ms,
                                 uint32_t *step);

#endif
