/* machine.h: what the machine is, and how mi32 is started anew on it. */
#ifndef MI32_PORT_MACHINE_H
#define MI32_PORT_MACHINE_H

#include "base/mac.h"

#include <stdbool.h>
#include <stdint.h>

#define PORT_MACHINE_TEXT_SIZE 64

/* A text that nobody knows is "", a number 0. */
struct port_machine_facts {
    char hostname[PORT_MACHINE_TEXT_SIZE];
    char hardware[PORT_MACHINE_TEXT_SIZE]; /* "Raspberry Pi 4 Model B Rev 1.4", "x86_64" */
    char address[PORT_MACHINE_TEXT_SIZE];  /* IPv4, of the interface of the default route */
    char netmask[PORT_MACHINE_TEXT_SIZE];
    char gateway[PORT_MACHINE_TEXT_SIZE];
    char dns[PORT_MACHINE_TEXT_SIZE]; /* the first server */
    struct mac mac;
    uint32_t program_kb; /* size of the program */
    uint32_t memory_kb;  /* that programs can still have */
    uint32_t load;       /* of the last minute: 100 is a machine that is busy all of the time */
};

struct port_machine {
    void *self;

    /* Looks now; takes well below a millisecond. */
    void (*look)(void *self, struct port_machine_facts *out);

    /* Why the program was started, in Tasmota's words: "Power On", "Software/System restart". */
    const char *(*start_reason)(void *self);

    /* Ends the program properly in a moment, so that replies are on their way, and starts it anew
     * with the same arguments. False where that cannot be done. */
    bool (*restart)(void *self);
};

#endif
