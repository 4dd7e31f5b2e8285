#include "sim/storage.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FILES_MAX = 64,
    NAME_SIZE = 80,
    OPEN_MAX_SIM = 8,
};

struct content {
    uint8_t *at;
    size_t len;
};

/* A file without its name, as programs see it and as it is on the disk. */
struct node {
    struct content seen, durable;
};

struct entry {
    char name[NAME_SIZE]; /* "" when free */
    size_t node;
};

struct open_file {
    bool is_open;
    size_t node, at;
};

struct storage {
    struct file_calls calls;
    struct node nodes[FILES_MAX];
    struct entry seen[FILES_MAX], durable[FILES_MAX];
    struct open_file open[OPEN_MAX_SIM];
    size_t budget, used, size;
    bool is_lying;
};

static void set_content(struct content *content, const uint8_t *from, size_t len)
{
    uint8_t *at = len ? malloc(len) : NULL;

    if (len && !at)
        abort(); /* a test's machine has this memory */
    if (len)
        memcpy(at, from, len);
    free(content->at);
    content->at = at;
    content->len = len;
}

bool storage_is_off(const struct storage *storage)
{
    return storage->used >= storage->budget;
}

/* Takes the cost of a call; false when there is no power left for it. */
static bool spend(struct storage *storage)
{
    if (storage_is_off(storage))
        return false;
    storage->used++;
    return true;
}

static struct entry *find(struct entry *entries, const char *name)
{
    for (size_t i = 0; i < FILES_MAX; i++)
        if (strcmp(entries[i].name, name) == 0)
            return &entries[i];
    return NULL;
}

static bool is_named(const struct entry *entries, size_t node)
{
    for (size_t i = 0; i < FILES_MAX; i++)
        if (entries[i].name[0] && entries[i].node == node)
            return true;
    return false;
}

static bool is_in_use(const struct storage *storage, size_t node)
{
    for (size_t i = 0; i < OPEN_MAX_SIM; i++)
        if (storage->open[i].is_open && storage->open[i].node == node)
            return true;
    return is_named(storage->seen, node) || is_named(storage->durable, node);
}

/* An empty node that no name and no open file leads to; FILES_MAX when there is none. */
static size_t new_node(struct storage *storage)
{
    for (size_t i = 0; i < FILES_MAX; i++)
        if (!is_in_use(storage, i)) {
            set_content(&storage->nodes[i].seen, NULL, 0);
            set_content(&storage->nodes[i].durable, NULL, 0);
            return i;
        }
    return FILES_MAX;
}

static int open_node(struct storage *storage, size_t node)
{
    for (int i = 0; i < OPEN_MAX_SIM; i++)
        if (!storage->open[i].is_open) {
            storage->open[i] = (struct open_file){ .is_open = true, .node = node };
            return i;
        }
    return -EMFILE;
}

static struct open_file *file_of(struct storage *storage, int file)
{
    bool is_valid = file >= 0 && file < OPEN_MAX_SIM && storage->open[file].is_open;

    return is_valid ? &storage->open[file] : NULL;
}

static int call_open(void *self, const char *name)
{
    struct storage *storage = self;
    const struct entry *entry = find(storage->seen, name);

    if (!spend(storage))
        return -EIO;
    return entry ? open_node(storage, entry->node) : -ENOENT;
}

static int call_create(void *self, const char *name, mode_t mode)
{
    struct storage *storage = self;
    struct entry *free_entry = find(storage->seen, "");

    (void)mode;
    if (!spend(storage))
        return -EIO;
    if (find(storage->seen, name))
        return -EEXIST;
    size_t node = new_node(storage);
    if (!free_entry || node == FILES_MAX)
        return -ENOSPC;
    int file = open_node(storage, node);
    if (file < 0)
        return file;
    snprintf(free_entry->name, sizeof(free_entry->name), "%s", name);
    free_entry->node = node;
    return file;
}

static ssize_t call_read(void *self, int file, void *to, size_t size)
{
    struct storage *storage = self;
    struct open_file *open = file_of(storage, file);

    if (!spend(storage))
        return -EIO;
    if (!open)
        return -EBADF;
    const struct content *content = &storage->nodes[open->node].seen;
    size_t n = content->len - open->at < size ? content->len - open->at : size;
    if (n)
        memcpy(to, content->at + open->at, n);
    open->at += n;
    return (ssize_t)n;
}

static size_t bytes_in_use(const struct storage *storage)
{
    size_t sum = 0;

    for (size_t i = 0; i < FILES_MAX; i++)
        if (is_in_use(storage, i))
            sum += storage->nodes[i].seen.len;
    return sum;
}

static void add_to(struct content *content, const uint8_t *from, size_t len)
{
    uint8_t *at = malloc(content->len + len);

    if (!at)
        abort();
    if (content->len)
        memcpy(at, content->at, content->len);
    memcpy(at + content->len, from, len);
    free(content->at);
    content->at = at;
    content->len += len;
}

/* Takes what power and space are left for: the rest of a write that was cut is not there, and the
 * caller learns only that something went wrong. */
static ssize_t call_write(void *self, int file, const void *from, size_t len)
{
    struct storage *storage = self;
    struct open_file *open = file_of(storage, file);

    if (!spend(storage))
        return -EIO;
    if (!open)
        return -EBADF;
    size_t in_use = bytes_in_use(storage);
    size_t space = in_use < storage->size ? storage->size - in_use : 0;
    size_t power = storage->budget - storage->used;
    size_t n = len < space ? len : space;
    bool is_cut = n > power;
    if (is_cut)
        n = power;
    if (n)
        add_to(&storage->nodes[open->node].seen, from, n);
    storage->used += n;
    if (is_cut)
        return -EIO;
    return n || !len ? (ssize_t)n : -ENOSPC;
}

static int call_sync(void *self, int file)
{
    struct storage *storage = self;
    const struct open_file *open = file_of(storage, file);

    if (!spend(storage))
        return -EIO;
    if (!open)
        return -EBADF;
    struct node *node = &storage->nodes[open->node];
    if (!storage->is_lying)
        set_content(&node->durable, node->seen.at, node->seen.len);
    return 0;
}

static int call_close(void *self, int file)
{
    struct storage *storage = self;
    struct open_file *open = file_of(storage, file);

    if (!spend(storage))
        return -EIO;
    if (!open)
        return -EBADF;
    open->is_open = false;
    return 0;
}

static int call_rename(void *self, const char *from, const char *to)
{
    struct storage *storage = self;
    struct entry *source = find(storage->seen, from), *target = find(storage->seen, to);

    if (!spend(storage))
        return -EIO;
    if (!source)
        return -ENOENT;
    if (target)
        target->name[0] = '\0';
    snprintf(source->name, sizeof(source->name), "%s", to);
    return 0;
}

static int call_unlink(void *self, const char *name)
{
    struct storage *storage = self;
    struct entry *entry = find(storage->seen, name);

    if (!spend(storage))
        return -EIO;
    if (!entry)
        return -ENOENT;
    entry->name[0] = '\0';
    return 0;
}

static int call_sync_folder(void *self)
{
    struct storage *storage = self;

    if (!spend(storage))
        return -EIO;
    if (!storage->is_lying)
        memcpy(storage->durable, storage->seen, sizeof(storage->durable));
    return 0;
}

struct storage *storage_new(void)
{
    struct storage *storage = calloc(1, sizeof(*storage));

    if (!storage)
        return NULL;
    storage->budget = storage->size = SIZE_MAX;
    storage->calls = (struct file_calls){
        .self = storage,
        .open = call_open,
        .create = call_create,
        .read = call_read,
        .write = call_write,
        .sync = call_sync,
        .close = call_close,
        .rename = call_rename,
        .unlink = call_unlink,
        .sync_folder = call_sync_folder,
    };
    return storage;
}

void storage_free(struct storage *storage)
{
    for (size_t i = 0; i < FILES_MAX; i++) {
        free(storage->nodes[i].seen.at);
        free(storage->nodes[i].durable.at);
    }
    free(storage);
}

const struct file_calls *storage_calls(struct storage *storage)
{
    return &storage->calls;
}

void storage_cut_after(struct storage *storage, size_t budget)
{
    storage->used = 0;
    storage->budget = budget;
}

size_t storage_used(const struct storage *storage)
{
    return storage->used;
}

/* What a file holds after the loss; half of an unsynced tail, rounded down, may have made it. */
static size_t surviving_len(const struct node *node, enum storage_loss loss)
{
    size_t seen = node->seen.len, durable = node->durable.len;

    switch (loss) {
    case STORAGE_LOSE_NOTHING:
        return seen;
    case STORAGE_LOSE_TAILS:
        return seen > durable ? durable + (seen - durable) / 2 : durable;
    case STORAGE_LOSE_ALL:
    case STORAGE_LOSE_CONTENT:
    case STORAGE_LOSSES:
        break;
    }
    return durable;
}

void storage_power_on(struct storage *storage, enum storage_loss loss)
{
    if (loss == STORAGE_LOSE_ALL)
        memcpy(storage->seen, storage->durable, sizeof(storage->seen));
    else
        memcpy(storage->durable, storage->seen, sizeof(storage->durable));
    for (size_t i = 0; i < FILES_MAX; i++) {
        struct node *node = &storage->nodes[i];
        size_t len = surviving_len(node, loss);
        set_content(&node->durable, len <= node->seen.len ? node->seen.at : node->durable.at, len);
        set_content(&node->seen, node->durable.at, node->durable.len);
    }
    memset(storage->open, 0, sizeof(storage->open));
    storage->used = 0;
    storage->budget = SIZE_MAX;
}

void storage_set_size(struct storage *storage, size_t bytes)
{
    storage->size = bytes;
}

void storage_set_lying(struct storage *storage, bool is_lying)
{
    storage->is_lying = is_lying;
}

size_t storage_count(const struct storage *storage)
{
    size_t n = 0;

    for (size_t i = 0; i < FILES_MAX; i++)
        n += storage->seen[i].name[0] != '\0';
    return n;
}
