/* house.h: a gateway on the simulated machine, whose random bytes are those of the transcripts, and
 * a local program that follows its pairings. */
#ifndef MI32_TEST_PAIRING_HOUSE_H
#define MI32_TEST_PAIRING_HOUSE_H

#include "device.h"

#include "gateway/gateway.h"

struct pairing;

/* The gateway's pairing, and how often it has asked for something to be saved. */
extern struct pairing *house_pairing;
extern unsigned house_saves;
extern bool house_holds_saves; /* none comes to its end until house_release() */
void house_release(void);

struct house {
    struct sim *sim;
    struct port port;
    struct gateway *gateway;
    port_client client;
    struct bus_listener listener;
    const char *state, *command; /* of house_answer() */
};

void house_open(struct house *house);
void house_close(struct house *house);

/* The power fails and comes back, with what was on the disk. */
void house_restart(struct house *house);

/* An advert with these AD structures, as hex digits. */
void house_hear(struct house *house, const char *mac, const char *data_hex);

/* A command of the local program, and time for what it begins; it hears replies and events. */
void house_type(struct house *house, const char *command, uint64_t ms);

/* True when the local program was sent this. */
bool house_heard(const struct house *house, const char *text);

/* The number of times. */
unsigned house_count(const struct house *house, const char *text);

/* Of an advert with another type of address (enum in port/radio.h). */
void house_hear_from(struct house *house, const char *mac, uint8_t addr_type, const char *data_hex);

/* Somebody else has the adapter connect, to a device that does not answer; until it is given up. */
void house_hold_adapter(struct house *house);
void house_give_adapter(struct house *house);

/* It ends: with nothing waited for between stop and end. The simulated machine goes on. */
void house_end(struct house *house);

/* From now on, when this state of a pairing is told, the command is run from inside the event,
 * once; NULL for none any more. */
void house_answer(struct house *house, const char *state, const char *command);

/* True when the pairing has these bytes, given as hex digits, anywhere in its memory. */
bool house_remembers(const char *hex);

/* The number of the characteristic that the pairing is reading; 0 when it does something else. */
uint16_t house_reads(void);

/* What it was sent is forgotten. */
void house_forget(struct house *house);

/* The key that the registry has for the sensor, as hex digits; "" for none. */
const char *house_key(const struct house *house, const char *mac);

#endif
