#include "linux/mqtt_attempt.h"

#include "linux/mqtt_pin.h"
#include "linux/mqtt_reason.h"

#include <mosquitto.h>
#include <openssl/crypto.h>

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define POLL_MS     1000
#define GOODBYE_MS  20000     /* that a goodbye may take, which nobody waits for so long */
#define PREVIOUS_MS 5000      /* that the next one waits for it: its name may be the same */
#define PAYLOAD_MAX 268435455 /* bytes, MQTT 3.1.1 section 2.2.3 */
#define INBOX_MAX   1000      /* messages that wait for the loop; the broker's wait behind them */

struct attempt {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    unsigned holders; /* the loop's side and the thread; the last one frees */
    bool is_let_go;   /* by the loop's side */
    bool is_over;     /* the thread is through */
    struct loop *loop;
    struct loop_task *arrived;
    struct attempt_event *first, **last;
    size_t waiting; /* messages among them */

    struct attempt *previous; /* whose goodbye comes first, or NULL */
    struct mosquitto *client;
    struct mqtt_pin pin;
    bool is_polite, says_goodbye;
    unsigned unsent; /* messages that are not acknowledged, or of QoS 0 not sent */
    struct mqtt_failure failure;
    char *host;
    uint16_t port;
    uint16_t keepalive_s;
};

static void forget_previous(struct attempt *attempt, uint32_t wait_ms)
{
    if (attempt->previous)
        attempt_forget(attempt->previous, wait_ms);
    attempt->previous = NULL;
}

static void destroy(struct attempt *attempt)
{
    forget_previous(attempt, 0);
    for (struct attempt_event *event = attempt->first; event;) {
        struct attempt_event *next = event->next;
        free(event);
        event = next;
    }
    if (attempt->client)
        mosquitto_destroy(attempt->client);
    pthread_cond_destroy(&attempt->changed);
    pthread_mutex_destroy(&attempt->lock);
    free(attempt->host);
    free(attempt);
}

/* Gives up one side's hold. The thread is over in the same moment, so that who waited for it is the
 * last holder: a program that ends may not do so while the thread still frees. */
static void release(struct attempt *attempt, bool is_over)
{
    pthread_mutex_lock(&attempt->lock);
    attempt->is_over |= is_over;
    const bool is_last = --attempt->holders == 0;
    pthread_cond_broadcast(&attempt->changed);
    pthread_mutex_unlock(&attempt->lock);
    if (is_last)
        destroy(attempt);
}

/* ---- events, from the thread to the loop ---- */

static struct attempt_event *new_event(enum attempt_event_kind kind, const char *text,
                                       const void *payload, size_t len)
{
    const size_t text_size = strlen(text) + 1;
    struct attempt_event *event = calloc(1, sizeof(*event) + text_size + len + 1);

    if (!event)
        return NULL;
    event->kind = kind;
    event->len = len;
    event->text = memcpy(event->bytes, text, text_size);
    event->payload = event->bytes + text_size;
    if (len > 0)
        memcpy(event->bytes + text_size, payload, len);
    return event;
}

/* Hands an event over, or drops it when nobody is there any more. A message waits while the loop is
 * too far behind, which makes the broker wait. Posting happens under the lock, so that none comes
 * after attempt_let_go(). */
static void hand_over(struct attempt *attempt, struct attempt_event *event)
{
    if (!event)
        return;
    pthread_mutex_lock(&attempt->lock);
    while (event->kind == ATTEMPT_MESSAGE && attempt->waiting >= INBOX_MAX && !attempt->is_let_go)
        pthread_cond_wait(&attempt->changed, &attempt->lock);
    if (attempt->is_let_go) {
        free(event);
    } else {
        attempt->waiting += event->kind == ATTEMPT_MESSAGE;
        *attempt->last = event;
        attempt->last = &event->next;
        loop_post(attempt->loop, attempt->arrived);
    }
    pthread_mutex_unlock(&attempt->lock);
}

struct attempt_event *attempt_take(struct attempt *attempt)
{
    pthread_mutex_lock(&attempt->lock);
    struct attempt_event *events = attempt->first;
    attempt->first = NULL;
    attempt->last = &attempt->first;
    attempt->waiting = 0;
    pthread_cond_broadcast(&attempt->changed);
    pthread_mutex_unlock(&attempt->lock);
    return events;
}

static void on_connect(struct mosquitto *client, void *user, int code)
{
    struct attempt *attempt = user;

    (void)client;
    attempt->failure.is_answered = true;
    attempt->failure.connack = code;
    if (code == 0)
        hand_over(attempt, new_event(ATTEMPT_CONNECTED, "", NULL, 0));
}

static void count_unsent(struct attempt *attempt, int more)
{
    pthread_mutex_lock(&attempt->lock);
    attempt->unsent += (unsigned)more;
    pthread_mutex_unlock(&attempt->lock);
}

static void on_publish(struct mosquitto *client, void *user, int message_id)
{
    struct attempt_event *event = new_event(ATTEMPT_PUBLISHED, "", NULL, 0);

    (void)client;
    count_unsent(user, -1);
    if (event)
        event->message_id = message_id;
    hand_over(user, event);
}

static void on_message(struct mosquitto *client, void *user,
                       const struct mosquitto_message *message)
{
    const size_t len = message->payloadlen > 0 ? (size_t)message->payloadlen : 0;
    struct attempt_event *event = new_event(ATTEMPT_MESSAGE, message->topic, message->payload, len);

    (void)client;
    if (event)
        event->is_retained = message->retain;
    hand_over(user, event);
}

/* What OpenSSL has against a certificate reaches us by the log only; the first line says most. */
static void on_log(struct mosquitto *client, void *user, int level, const char *text)
{
    struct attempt *attempt = user;

    (void)client;
    if (level == MOSQ_LOG_ERR && attempt->failure.log[0] == '\0')
        snprintf(attempt->failure.log, sizeof(attempt->failure.log), "%s", text);
}

/* ---- the thread ---- */

static bool is_let_go(struct attempt *attempt)
{
    pthread_mutex_lock(&attempt->lock);
    const bool result = attempt->is_let_go;
    pthread_mutex_unlock(&attempt->lock);
    return result;
}

static bool is_all_sent(struct attempt *attempt)
{
    pthread_mutex_lock(&attempt->lock);
    const bool result = attempt->unsent == 0;
    pthread_mutex_unlock(&attempt->lock);
    return result;
}

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* The last messages arrive before the goodbye is said: a connection that is closed while
 * acknowledgements are on their way is reset, and the broker throws away what it has not read. */
static int say_goodbye(struct attempt *attempt)
{
    const int64_t until_ms = now_ms() + GOODBYE_MS;
    int error = MOSQ_ERR_SUCCESS;

    while (error == MOSQ_ERR_SUCCESS && now_ms() < until_ms) {
        if (!attempt->says_goodbye && is_all_sent(attempt)) {
            attempt->says_goodbye = true;
            mosquitto_disconnect(attempt->client);
        }
        error = mosquitto_loop(attempt->client, POLL_MS, 1);
    }
    return error;
}

/* Moves bytes until the connection ends or nobody wants it any more. libmosquitto's error. */
static int move_bytes(struct attempt *attempt)
{
    int error = MOSQ_ERR_SUCCESS;

    while (error == MOSQ_ERR_SUCCESS && !is_let_go(attempt))
        error = mosquitto_loop(attempt->client, POLL_MS, 1);
    return error == MOSQ_ERR_SUCCESS && attempt->is_polite ? say_goodbye(attempt) : error;
}

static void *run(void *arg)
{
    struct attempt *attempt = arg;
    char reason[MQTT_REASON_SIZE];

    forget_previous(attempt, PREVIOUS_MS);
    attempt->failure.error =
        mosquitto_connect(attempt->client, attempt->host, attempt->port, attempt->keepalive_s);
    attempt->failure.system_error = errno;
    if (attempt->failure.error == MOSQ_ERR_SUCCESS) {
        attempt->failure.error = move_bytes(attempt);
        attempt->failure.system_error = errno;
    }
    attempt->failure.refused = attempt->pin.refused;
    mqtt_reason(&attempt->failure, attempt->host, attempt->port, reason);
    hand_over(attempt, new_event(ATTEMPT_OVER, reason, NULL, 0));
    OPENSSL_thread_stop(); /* what OpenSSL keeps for a thread would outlast the program, too */
    release(attempt, true);
    return NULL;
}

static bool start_thread(struct attempt *attempt)
{
    pthread_attr_t attr;
    pthread_t thread;
    sigset_t all, before;

    sigfillset(&all);
    pthread_attr_init(&attr);
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    attempt->holders = 2;
    const bool is_started = pthread_create(&thread, &attr, run, attempt) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attr);
    if (!is_started)
        attempt->holders = 1;
    return is_started;
}

/* ---- the loop's side ---- */

static int prepare_tls(struct mosquitto *client, const char *ca_file)
{
    if (ca_file[0] != '\0')
        return mosquitto_tls_set(client, ca_file, NULL, NULL, NULL, NULL);
    return mosquitto_int_option(client, MOSQ_OPT_TLS_USE_OS_CERTS, 1);
}

/* Everything that can be said before connecting. libmosquitto's error. */
static int prepare(struct attempt *attempt, const struct port_mqtt_config *config)
{
    struct mosquitto *client = attempt->client;
    int error = MOSQ_ERR_SUCCESS;

    mosquitto_threaded_set(client, true);
    mosquitto_connect_callback_set(client, on_connect);
    mosquitto_publish_callback_set(client, on_publish);
    mosquitto_message_callback_set(client, on_message);
    mosquitto_log_callback_set(client, on_log);
    mosquitto_int_option(client, MOSQ_OPT_TCP_NODELAY, 1);
    if (config->user[0] != '\0')
        error = mosquitto_username_pw_set(client, config->user,
                                          config->password[0] != '\0' ? config->password : NULL);
    if (!error && config->will_topic[0] != '\0')
        error = mosquitto_will_set(client, config->will_topic, (int)strlen(config->will_payload),
                                   config->will_payload, 1, true);
    if (!error && config->tls)
        error = mqtt_pin_is_wanted(config) ? mqtt_pin_set(&attempt->pin, client, config)
                                           : prepare_tls(client, config->ca_file);
    return error;
}

static struct attempt *new_attempt(struct loop *loop, struct loop_task *arrived)
{
    struct attempt *attempt = calloc(1, sizeof(*attempt));
    pthread_condattr_t attr;

    if (!attempt)
        return NULL;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&attempt->changed, &attr);
    pthread_condattr_destroy(&attr);
    pthread_mutex_init(&attempt->lock, NULL);
    attempt->holders = 1;
    attempt->loop = loop;
    attempt->arrived = arrived;
    attempt->last = &attempt->first;
    return attempt;
}

/* What goes wrong before there is a thread is told as if it had: by an event. */
static bool begin(struct attempt *attempt, const struct port_mqtt_config *config)
{
    char reason[MQTT_REASON_SIZE];

    attempt->failure.has_tls = config->tls;
    attempt->failure.error = prepare(attempt, config);
    if (attempt->failure.error == MOSQ_ERR_SUCCESS)
        return start_thread(attempt);
    mqtt_reason(&attempt->failure, attempt->host, attempt->port, reason);
    attempt->is_over = true;
    hand_over(attempt, new_event(ATTEMPT_OVER, reason, NULL, 0));
    return true;
}

struct attempt *attempt_start(struct loop *loop, struct loop_task *arrived,
                              const struct port_mqtt_config *config, struct attempt *previous)
{
    struct attempt *attempt = new_attempt(loop, arrived);

    if (!attempt) {
        if (previous)
            attempt_forget(previous, 0);
        return NULL;
    }
    attempt->previous = previous;
    attempt->host = strdup(config->host);
    attempt->port = config->port;
    attempt->keepalive_s = config->keepalive_s < 5 ? 5 : config->keepalive_s;
    attempt->client =
        mosquitto_new(config->client_id[0] != '\0' ? config->client_id : NULL, true, attempt);
    if (attempt->host && attempt->client && begin(attempt, config))
        return attempt;
    release(attempt, false);
    return NULL;
}

static int as_port_error(int error)
{
    switch (error) {
    case MOSQ_ERR_SUCCESS:
        return 0;
    case MOSQ_ERR_NO_CONN:
    case MOSQ_ERR_CONN_LOST:
        return PORT_MQTT_NOT_CONNECTED;
    case MOSQ_ERR_NOMEM:
        return PORT_MQTT_BUSY;
    default:
        return PORT_MQTT_REFUSED;
    }
}

int attempt_publish(struct attempt *attempt, const char *topic, const char *payload, size_t len,
                    int qos, bool retain)
{
    int message_id = 0;

    if (len > PAYLOAD_MAX)
        return PORT_MQTT_REFUSED;
    count_unsent(attempt, 1);
    const int error =
        mosquitto_publish(attempt->client, &message_id, topic, (int)len, payload, qos, retain);
    if (error != MOSQ_ERR_SUCCESS)
        count_unsent(attempt, -1);
    return error == MOSQ_ERR_SUCCESS ? message_id : as_port_error(error);
}

int attempt_subscribe(struct attempt *attempt, const char *filter, int qos)
{
    return as_port_error(mosquitto_subscribe(attempt->client, NULL, filter, qos));
}

/* Where something is on its way, the thread says goodbye when the last acknowledgement wakes it. */
void attempt_let_go(struct attempt *attempt, bool is_polite)
{
    pthread_mutex_lock(&attempt->lock);
    const bool says_goodbye = is_polite && attempt->unsent == 0;
    attempt->says_goodbye = says_goodbye;
    attempt->is_polite = is_polite;
    attempt->is_let_go = true;
    pthread_cond_broadcast(&attempt->changed);
    pthread_mutex_unlock(&attempt->lock);
    if (says_goodbye)
        mosquitto_disconnect(attempt->client);
    loop_unpost(attempt->loop, attempt->arrived);
}

void attempt_forget(struct attempt *attempt, uint32_t wait_ms)
{
    struct timespec until;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += (time_t)(wait_ms / 1000);
    until.tv_nsec += (long)(wait_ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    pthread_mutex_lock(&attempt->lock);
    while (wait_ms > 0 && !attempt->is_over &&
           pthread_cond_timedwait(&attempt->changed, &attempt->lock, &until) == 0)
        continue;
    pthread_mutex_unlock(&attempt->lock);
    release(attempt, false);
}
