#include "broker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define HANGS_MS 120000

uint16_t broker_free_port(void)
{
    struct sockaddr_in addr = { .sin_family = AF_INET };
    socklen_t len = sizeof(addr);
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_true(fd >= 0);
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){ 1 }, sizeof(int)), 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&addr, &len), 0);
    return ntohs(addr.sin_port);
}

/* The folder is made by whoever needs it first. */
static void need_folder(struct broker *broker)
{
    if (broker->folder[0] != '\0')
        return;
    strcpy(broker->folder, "/tmp/mi32-broker-XXXXXX");
    assert_non_null(mkdtemp(broker->folder));
}

/* Runs a program to its end or, with `log_fd`, starts it with its error output there. Debian keeps
 * mosquitto in /usr/sbin, which is not in everybody's PATH. */
static pid_t run(const char *const *argv, int log_fd)
{
    const pid_t pid = fork();

    assert_true(pid >= 0);
    if (pid > 0)
        return pid;
    char path[1024];
    const char *old = getenv("PATH");
    snprintf(path, sizeof(path), "%s:/usr/local/sbin:/usr/sbin:/sbin", old ? old : "");
    setenv("PATH", path, 1);
    if (log_fd >= 0)
        dup2(log_fd, STDERR_FILENO);
    execvp(argv[0], (char *const *)(uintptr_t)argv);
    _exit(127);
}

static void run_to_its_end(const char *const *argv)
{
    int status = -1;

    assert_true(waitpid(run(argv, -1), &status, 0) > 0);
    assert_int_equal(status, 0);
}

const char *broker_user(struct broker *broker, const char *user, const char *password)
{
    static char line[128];
    char file[64];

    need_folder(broker);
    snprintf(file, sizeof(file), "%s/users", broker->folder);
    const char *const argv[] = { "mosquitto_passwd", "-b", "-c", file, user, password, NULL };
    run_to_its_end(argv);
    snprintf(line, sizeof(line), "allow_anonymous false\npassword_file %s\n", file);
    return line;
}

const char *broker_tls(struct broker *broker, const char *days)
{
    static const char script[] =
        "cd \"$0\"; exec 2>/dev/null; ec='-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes'\n"
        "openssl req -x509 $ec -keyout ca.key -out ca.pem -days 2 -subj /CN=authority\n"
        "openssl req $ec -keyout broker.key -out broker.csr -subj /CN=localhost\n"
        "echo subjectAltName=DNS:localhost >names\n"
        "openssl x509 -req -in broker.csr -CA ca.pem -CAkey ca.key -set_serial 7 -days $1"
        " -extfile names -out broker.pem\n"
        "for kind in sha1 sha256; do\n"
        "  openssl x509 -in broker.pem -noout -fingerprint -$kind | sed 's/.*=//' >$kind\n"
        "done\n";
    static char lines[256];

    need_folder(broker);
    const char *const argv[] = { "sh", "-ec", script, broker->folder, days, NULL };
    run_to_its_end(argv);
    snprintf(lines, sizeof(lines),
             "certfile %s/broker.pem\nkeyfile %s/broker.key\ncafile %s/ca.pem\n", broker->folder,
             broker->folder, broker->folder);
    return lines;
}

const char *broker_text_of(const struct broker *broker, const char *name, char *out, size_t size)
{
    char path[64];

    snprintf(path, sizeof(path), "%s/%s", broker->folder, name);
    FILE *in = fopen(path, "r");
    assert_non_null(in);
    assert_non_null(fgets(out, (int)size, in));
    fclose(in);
    out[strcspn(out, "\n")] = '\0';
    return out;
}

static void write_config(const struct broker *broker, const char *file, const char *more)
{
    FILE *out = fopen(file, "w");

    assert_non_null(out);
    fprintf(out, "listener %u 127.0.0.1\n%s", broker->port,
            strstr(more, "allow_anonymous") ? "" : "allow_anonymous true\n");
    fprintf(out, "%slog_dest stderr\nlog_type information\nlog_type notice\nlog_type error\n%s",
            geteuid() == 0 ? "user root\n" : "", more);
    fclose(out);
}

void broker_start(struct broker *broker, const char *more)
{
    char file[64];
    int fds[2];

    need_folder(broker);
    snprintf(file, sizeof(file), "%s/conf", broker->folder);
    if (broker->port == 0)
        broker->port = broker_free_port();
    write_config(broker, file, more);
    assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
    const char *const argv[] = { "mosquitto", "-c", file, NULL };
    broker->pid = run(argv, fds[1]);
    close(fds[1]);
    broker->log_fd = fds[0];
    broker->log[0] = '\0';
    broker_wait(broker, " running");
}

/* The first whole line with the text in it, taken out with all before it; NULL when there is none.
 */
static const char *find_line(struct broker *broker, const char *text)
{
    static char line[512];
    char *end;

    while ((end = strchr(broker->log, '\n'))) {
        snprintf(line, sizeof(line), "%.*s", (int)(end - broker->log), broker->log);
        memmove(broker->log, end + 1, strlen(end + 1) + 1);
        if (strstr(line, text))
            return line;
    }
    return NULL;
}

const char *broker_wait(struct broker *broker, const char *text)
{
    const char *line;

    while (!(line = find_line(broker, text))) {
        struct pollfd ready = { .fd = broker->log_fd, .events = POLLIN };
        const size_t len = strlen(broker->log);
        if (poll(&ready, 1, HANGS_MS) <= 0)
            fail_msg("mosquitto never said '%s'", text);
        const ssize_t n = read(broker->log_fd, broker->log + len, sizeof(broker->log) - 1 - len);
        if (n <= 0)
            fail_msg("mosquitto ended before it said '%s': is it installed?", text);
        broker->log[len + (size_t)n] = '\0';
    }
    return line;
}

void broker_signal(const struct broker *broker, int number)
{
    assert_int_equal(kill(broker->pid, number), 0);
}

static void remove_files(const struct broker *broker)
{
    static const char *const names[] = { "conf",   "users",      "ca.key",     "ca.pem",
                                         "names",  "broker.key", "broker.csr", "sha1",
                                         "sha256", "broker.pem" };
    char file[64];

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        snprintf(file, sizeof(file), "%s/%s", broker->folder, names[i]);
        unlink(file);
    }
    rmdir(broker->folder);
}

void broker_stop(struct broker *broker)
{
    if (broker->pid > 0) {
        kill(broker->pid, SIGKILL);
        waitpid(broker->pid, NULL, 0);
        close(broker->log_fd);
    }
    broker->pid = 0;
    if (broker->folder[0] != '\0')
        remove_files(broker);
    broker->folder[0] = '\0';
}
