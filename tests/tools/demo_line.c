#include "demo_line.h"

void demo_line_expect(struct json *j, const struct demo_line *line)
{
    json_object(j, "expect");
    json_text(j, "outcome", line->outcome);
    if (*line->format)
        json_text(j, "format", line->format);
    for (size_t i = 0; i < line->n; i++) {
        const struct demo_value *v = &line->values[i];
        if (v->word)
            json_text(j, v->name, v->word);
        else if (v->is_bool)
            json_bool(j, v->name, v->value != 0);
        else
            json_fixed(j, v->name, v->value, v->scale10, -1);
    }
    json_object_end(j);
}
