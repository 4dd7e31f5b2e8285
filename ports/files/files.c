#include "files/files.h"

#include "files/file_replace.h"

#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Who is told about the end of a job: one for each save or remove. */
struct waiter {
    struct waiter *next;
    port_files_done done;
    void *user;
    enum port_files_error result;
};

struct waiters {
    struct waiter *first, **end;
};

enum action {
    SAVE,
    SAVE_SECRET,
    REMOVE,
};

struct job {
    struct job *next;
    char name[PORT_FILES_NAME_MAX + 1];
    enum action action;
    uint8_t *data;
    size_t len;
    struct waiters waiters;
};

struct files {
    struct files_setup setup;
    struct port_files port;
    pthread_t thread;

    pthread_mutex_t mutex;  /* guards all below */
    pthread_cond_t changed; /* queue, running or stopping */
    struct job *queue;      /* at most one of each name */
    struct job *running;
    struct waiters finished;
    bool stopping;
};

static void waiters_init(struct waiters *row)
{
    row->first = NULL;
    row->end = &row->first;
}

static void waiters_add(struct waiters *row, struct waiter *waiter)
{
    waiter->next = NULL;
    *row->end = waiter;
    row->end = &waiter->next;
}

/* Moves all of `from` behind those of `to`. */
static void waiters_move(struct waiters *to, struct waiters *from)
{
    if (!from->first)
        return;
    *to->end = from->first;
    to->end = from->end;
    waiters_init(from);
}

/* Content may be a secret, and the heap is handed on. */
static void free_content(struct job *job)
{
    if (job->data)
        explicit_bzero(job->data, job->len);
    free(job->data);
}

static enum port_files_error perform(const struct files *files, const struct job *job)
{
    const struct file_calls *calls = files->setup.calls;

    if (job->action == REMOVE)
        return file_remove(calls, job->name);
    return file_replace(calls, job->name, job->data, job->len, job->action == SAVE_SECRET);
}

/* Does the first job of the queue, `job`. Called and left with the mutex held, without it in
 * between. */
static void run_first(struct files *files, struct job *job)
{
    files->queue = job->next;
    files->running = job;
    pthread_mutex_unlock(&files->mutex);
    enum port_files_error result = perform(files, job);
    pthread_mutex_lock(&files->mutex);
    files->running = NULL;
    for (struct waiter *waiter = job->waiters.first; waiter; waiter = waiter->next)
        waiter->result = result;
    waiters_move(&files->finished, &job->waiters);
    pthread_cond_broadcast(&files->changed);
    free_content(job);
    free(job);
}

static void *writer(void *arg)
{
    struct files *files = arg;

    pthread_mutex_lock(&files->mutex);
    for (;;) {
        while (!files->queue && !files->stopping)
            pthread_cond_wait(&files->changed, &files->mutex);
        if (!files->queue)
            break;
        run_first(files, files->queue);
        pthread_mutex_unlock(&files->mutex);
        files->setup.wake(files->setup.user);
        pthread_mutex_lock(&files->mutex);
    }
    pthread_mutex_unlock(&files->mutex);
    return NULL;
}

static struct job *find_queued(const struct files *files, const char *name)
{
    struct job *job = files->queue;

    while (job && strcmp(job->name, name) != 0)
        job = job->next;
    return job;
}

static void append(struct files *files, struct job *job)
{
    struct job **end = &files->queue;

    while (*end)
        end = &(*end)->next;
    *end = job;
}

/* Queues a job; where one for the same name still waits, the new one takes its place and its
 * waiters: what nobody has begun to write need not be written. */
static void enqueue(struct files *files, struct job *job)
{
    struct job *old = find_queued(files, job->name);

    if (!old) {
        append(files, job);
        return;
    }
    free_content(old);
    old->action = job->action;
    old->data = job->data;
    old->len = job->len;
    waiters_move(&old->waiters, &job->waiters);
    free(job);
}

/* A job with a copy of the content and one waiter; NULL without memory. */
static struct job *new_job(const char *name, enum action action, const void *data, size_t len)
{
    struct job *job = calloc(1, sizeof(*job));
    struct waiter *waiter = calloc(1, sizeof(*waiter));
    uint8_t *copy = len ? malloc(len) : NULL;

    if (!job || !waiter || (len && !copy)) {
        free(copy);
        free(waiter);
        free(job);
        return NULL;
    }
    memcpy(job->name, name, strlen(name) + 1); /* valid names fit */
    job->action = action;
    job->data = copy;
    job->len = len;
    if (len)
        memcpy(copy, data, len);
    waiters_init(&job->waiters);
    waiters_add(&job->waiters, waiter);
    return job;
}

static enum port_files_error submit(struct files *files, struct job *job, port_files_done done,
                                    void *user)
{
    if (!job)
        return PORT_FILES_NO_MEMORY;
    job->waiters.first->done = done;
    job->waiters.first->user = user;
    pthread_mutex_lock(&files->mutex);
    enqueue(files, job);
    pthread_cond_broadcast(&files->changed);
    pthread_mutex_unlock(&files->mutex);
    if (!files->setup.has_thread)
        files->setup.wake(files->setup.user);
    return PORT_FILES_OK;
}

static enum port_files_error save(void *self, const char *name, const void *data, size_t len,
                                  bool is_secret, port_files_done done, void *user)
{
    if (!file_name_is_valid(name))
        return PORT_FILES_BAD_NAME;
    if (len > PORT_FILES_LEN_MAX)
        return PORT_FILES_TOO_BIG;
    return submit(self, new_job(name, is_secret ? SAVE_SECRET : SAVE, data, len), done, user);
}

static enum port_files_error remove_file(void *self, const char *name, port_files_done done,
                                         void *user)
{
    if (!file_name_is_valid(name))
        return PORT_FILES_BAD_NAME;
    return submit(self, new_job(name, REMOVE, NULL, 0), done, user);
}

static enum port_files_error load_pending(const struct job *job, void *buffer, size_t size,
                                          size_t *len)
{
    if (job->action == REMOVE)
        return PORT_FILES_ABSENT;
    *len = job->len;
    if (job->len && size)
        memcpy(buffer, job->data, job->len < size ? job->len : size);
    return job->len > size ? PORT_FILES_TOO_BIG : PORT_FILES_OK;
}

static enum port_files_error load(void *self, const char *name, void *buffer, size_t size,
                                  size_t *len)
{
    struct files *files = self;
    enum port_files_error result = PORT_FILES_OK;

    *len = 0;
    pthread_mutex_lock(&files->mutex);
    const struct job *job = find_queued(files, name);
    if (!job && files->running && strcmp(files->running->name, name) == 0)
        job = files->running;
    if (job)
        result = load_pending(job, buffer, size, len);
    pthread_mutex_unlock(&files->mutex);
    return job ? result : file_load(files->setup.calls, name, buffer, size, len);
}

/* Waits for the thread to become idle, or does its work where there is none. */
static void finish_queue(struct files *files)
{
    pthread_mutex_lock(&files->mutex);
    while (!files->setup.has_thread && files->queue)
        run_first(files, files->queue);
    while (files->queue || files->running)
        pthread_cond_wait(&files->changed, &files->mutex);
    pthread_mutex_unlock(&files->mutex);
}

/* Calls `done` for all that is finished; false when there was nothing. */
static bool tell_finished(struct files *files)
{
    struct waiters row;

    waiters_init(&row);
    pthread_mutex_lock(&files->mutex);
    waiters_move(&row, &files->finished);
    pthread_mutex_unlock(&files->mutex);
    bool any = row.first != NULL;
    for (struct waiter *waiter = row.first, *next; waiter; waiter = next) {
        next = waiter->next;
        if (waiter->done)
            waiter->done(waiter->user, waiter->result);
        free(waiter);
    }
    return any;
}

void files_deliver(struct files *files)
{
    if (!files->setup.has_thread)
        finish_queue(files);
    tell_finished(files);
}

/* Those who are told may save again; that is waited for as well. */
static void settle(void *self)
{
    do
        finish_queue(self);
    while (tell_finished(self));
}

/* Signals are the loop's: the writer sleeps through all of them. */
static bool start_writer(struct files *files)
{
    sigset_t all, before;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int error = pthread_create(&files->thread, NULL, writer, files);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return error == 0;
}

struct files *files_open(const struct files_setup *setup)
{
    struct files *files = calloc(1, sizeof(*files));

    if (!files)
        return NULL;
    files->setup = *setup;
    files->port = (struct port_files){
        .self = files, .load = load, .save = save, .remove = remove_file, .settle = settle
    };
    pthread_mutex_init(&files->mutex, NULL);
    pthread_cond_init(&files->changed, NULL);
    waiters_init(&files->finished);
    if (setup->has_thread && !start_writer(files)) {
        free(files);
        return NULL;
    }
    return files;
}

const struct port_files *files_port(struct files *files)
{
    return &files->port;
}

void files_close(struct files *files)
{
    settle(files);
    pthread_mutex_lock(&files->mutex);
    files->stopping = true;
    pthread_cond_broadcast(&files->changed);
    pthread_mutex_unlock(&files->mutex);
    if (files->setup.has_thread)
        pthread_join(files->thread, NULL);
    pthread_cond_destroy(&files->changed);
    pthread_mutex_destroy(&files->mutex);
    free(files);
}
