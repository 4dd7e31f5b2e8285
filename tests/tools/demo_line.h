/* demo_line.h: what a line of the demo house should decode to, as JSON. */
#ifndef MI32_TESTS_TOOLS_DEMO_LINE_H
#define MI32_TESTS_TOOLS_DEMO_LINE_H

#include "base/json.h"
#include "sim/demo.h"

/* Writes the member "expect" into an object that is open. */
void demo_line_expect(struct json *j, const struct demo_line *line);

#endif
