/* radio_commands.c: MI32Radio, what each radio did, as JSON. */
#include "tasmota/tasmota_private.h"

static const char *state_name(enum port_radio_state state)
{
    static const char *const names[] = {
        [PORT_RADIO_LISTENING] = "listening",
        [PORT_RADIO_WAITING] = "waiting",
        [PORT_RADIO_ENDED] = "ended",
    };

    return names[state];
}

static void write_counts(struct json *j, const struct port_radio_figures *figures)
{
    const struct {
        const char *name;
        uint64_t count;
    } rows[] = {
        { "Received", figures->received },
        { "Adverts", figures->adverts },
        { "Malformed", figures->malformed },
        { "KeptOut", figures->kept_out },
        { "Lost", figures->lost },
        { "Restarts", figures->restarts },
        { "PowerCycles", figures->power_cycles },
        { "Reopens", figures->reopens },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        json_int(j, rows[i].name, (int64_t)rows[i].count);
}

void tasmota_radio_figures(struct tasmota *t, struct json *j, const char *name)
{
    const struct port_radio *radio = t->port->radio;
    struct port_radio_figures figures;
    uint64_t limit_ms;

    json_array(j, name);
    for (unsigned n = 0; n < REGISTRY_RADIOS && radio->figures(radio->self, n, &figures); n++) {
        const uint64_t silence_ms = registry_radio_silence(t->registry, n, &limit_ms);
        json_object(j, NULL);
        json_text(j, "Name", figures.name);
        json_text(j, "Route", figures.route);
        json_text(j, "State", state_name(figures.state));
        if (figures.state != PORT_RADIO_LISTENING && *figures.text) {
            json_text(j, "Text", figures.text);
            json_text(j, "Remedy", figures.remedy);
        }
        write_counts(j, &figures);
        json_fixed(j, "Duty", figures.duty_permille, -1, 1);
        json_int(j, "Silence", (int64_t)(silence_ms / 1000));
        json_int(j, "SilenceMax", (int64_t)(limit_ms / 1000));
        json_object_end(j);
    }
    json_array_end(j);
}

/* What the adverts of all radios came to: the sum is the sum of Adverts, until a radio is started
 * again and counts anew. */
static void write_outcomes(const struct tasmota *t, struct json *j)
{
    json_object(j, "Outcomes");
    for (unsigned i = 0; i < BEACON_OUTCOMES; i++) {
        const enum beacon_outcome outcome = (enum beacon_outcome)i;
        const uint32_t n = registry_outcomes(t->registry, outcome);
        if (n > 0)
            json_int(j, beacon_outcome_name(outcome), n);
    }
    json_object_end(j);
}

static enum bus_result run_radio(void *room, struct bus_call *call)
{
    tasmota_radio_figures(room, call->reply, call->name);
    write_outcomes(room, call->reply);
    return BUS_DONE;
}

static const struct bus_row rows[] = {
    { .name = "MI32Radio",
      .help = "Shows what each radio did since it was started: how it listens and for how much of "
              "the time (Duty, in percent), adverts received, lost and kept out, recoveries; and "
              "what the adverts came to "
              "(Outcomes).",
      .run = run_radio },
};

void tasmota_radio_commands(struct tasmota *t)
{
    bus_register(t->bus, rows, sizeof(rows) / sizeof(rows[0]), t);
}
