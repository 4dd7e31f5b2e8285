/*
 * tasmota.h: what a Tasmota user types and reads: the commands for sensors and settings, Backlog
 * and Help, and the telemetry (SENSOR, STATE and their kin) that leaves as BUS_MESSAGE events.
 *
 * It is the one room of its floor that may change registry and settings, and does so in command
 * handlers only.
 */
#ifndef MI32_TASMOTA_TASMOTA_H
#define MI32_TASMOTA_TASMOTA_H

#include "base/mac.h"

struct bus;
struct registry;
struct relays;
struct settings;
struct port;
struct tasmota;

struct tasmota_config {
    struct bus *bus;
    struct registry *registry;
    struct settings *settings;
    struct relays *relays;
    const struct port *port; /* clock, files and machine */
    struct mac mac;          /* of this machine */
    const char *version;     /* of this program */
};

/* Registers the commands at the bus and gives the settings that are made of this machine's address
 * their defaults: Topic mi32_AABBCC, MqttClient DVES_AABBCC. Borrows all it is given until
 * tasmota_destroy(). NULL without memory. */
struct tasmota *tasmota_create(const struct tasmota_config *config);
void tasmota_destroy(struct tasmota *t);

/* The stored settings and the configuration file are read: telemetry may begin. */
void tasmota_start(struct tasmota *t);

/* No telemetry and no waiting Backlog entry goes out from here on. */
void tasmota_stop(struct tasmota *t);

#endif
