/* markdown.c: the reference of all commands, docs/commands.md, made of their rows. */
#include "bus/bus_private.h"

struct page {
    void (*write)(void *user, const char *text);
    void *user;
};

static void put(const struct page *page, const char *text)
{
    page->write(page->user, text);
}

/* A vertical bar would end the cell of the table, also inside code. */
static void put_cell(const struct page *page, const char *text)
{
    char c[3] = "";

    for (; *text; text++) {
        c[0] = *text == '|' ? '\\' : *text;
        c[1] = *text == '|' ? '|' : '\0';
        put(page, c);
    }
}

static void put_row(const struct page *page, const struct bus_row *row)
{
    char usage[BUS_TEXT_MAX];

    bus_usage(row, usage, sizeof(usage));
    put(page, "| `");
    put_cell(page, usage);
    put(page, "` | ");
    put_cell(page, row->help);
    if (row->flags & BUS_SECRET)
        put(page, " Masked in logs.");
    if (row->flags & BUS_REVEALS)
        put(page, " On a local console only.");
    put(page, " |\n");
}

void bus_markdown(const struct bus *bus, void (*write)(void *user, const char *text), void *user)
{
    const struct page page = { write, user };

    put(&page, "| command | what it does |\n| --- | --- |\n");
    for (size_t i = 0; i < bus->count; i++)
        put_row(&page, bus->entries[i].row);
}
