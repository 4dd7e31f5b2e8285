/* relay: what a relay is wired to. Whatever the text: the reader ends, says why or fills all of the
 * wiring within its bounds, and what it took as a topic or a chip was in the text. */
#include "fuzz/fuzz.h"

#include "relay/relay.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_copy(data, size, 1);
    struct relay_wiring wiring;

    memset(&wiring, 'x', sizeof(wiring));
    const char *why = relay_wiring_read(text, &wiring);
    fuzz_expect(why != NULL, "a reason is never NULL");
    fuzz_expect(wiring.kind <= RELAY_TOPIC, "a kind is one of ours");
    fuzz_expect(memchr(wiring.chip, '\0', RELAY_CHIP_SIZE) != NULL, "a chip ends");
    fuzz_expect(memchr(wiring.topic, '\0', RELAY_TOPIC_SIZE) != NULL, "a topic ends");
    if (*why == '\0') {
        fuzz_expect(strstr(text, wiring.chip) && strstr(text, wiring.topic), "it was in the text");
        fuzz_expect((wiring.kind == RELAY_GPIO) == (wiring.chip[0] != '\0'), "a chip for a line");
        fuzz_expect((wiring.kind == RELAY_TOPIC) == (wiring.topic[0] != '\0'),
                    "a topic for a topic");
        fuzz_expect(wiring.line <= 9999, "a line that could be");
    }
    free(text);
    return 0;
}
