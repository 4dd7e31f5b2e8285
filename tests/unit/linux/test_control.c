/* The control socket: who may connect, lines in and out, and what ends a connection. The client of
 * one-shot commands waits for its answers, so it runs in a thread here. */
#include "on_loop.h"

#include "linux/control_client.h"
#include "linux/control_server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <pthread.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[] = "/tmp/mi32-test-XXXXXX";
static char path[64];
static struct control_server *server;
static const struct port_control *control;

static char lines[256];
static port_client last_client;
static bool has_line, is_gone;

static void on_line(void *user, port_client client, const char *line, size_t len)
{
    (void)user;
    assert_int_equal(strlen(line), len);
    last_client = client;
    snprintf(lines + strlen(lines), sizeof(lines) - strlen(lines), "<%.80s>", line);
    has_line = true;
    if (strcmp(line, "echo") == 0)
        control->send(control->self, client, "one\ntwo\n", 8);
    if (strcmp(line, "bye") == 0) {
        control->send(control->self, client, "good bye\n", 9);
        control->hang_up(control->self, client);
        control->send(control->self, client, "too late\n", 9);
    }
}

static void on_gone(void *user, port_client client)
{
    (void)user;
    assert_true(client <= last_client);
    is_gone = true;
}

static int start(void **state)
{
    static const struct port_control_events events = { NULL, on_line, on_gone };
    char error[CONTROL_ERROR_SIZE];

    (void)state;
    lines[0] = '\0';
    has_line = is_gone = false;
    server = control_server_new(test_loop, path, error);
    if (!server)
        return -1;
    control = control_server_port(server);
    control->open(control->self, &events);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    control_server_free(server);
    server = NULL;
    return 0;
}

/* One run of a one-shot command: a line out, all lines in until the gateway hangs up. */
struct command {
    const char *line;
    char answer[256], reason[128];
    enum control_client_error error;
    struct loop_task task;
    bool is_done;
};

static void command_ended(void *user)
{
    struct command *command = user;

    command->is_done = true;
}

static void *run_command(void *arg)
{
    struct command *command = arg;
    struct control_client client;

    command->error = control_client_open(&client, path);
    if (command->error == CONTROL_CLIENT_OK) {
        const char *line;
        command->error = control_client_send(&client, command->line);
        while (command->error == CONTROL_CLIENT_OK && (line = control_client_line(&client)))
            strcat(strcat(command->answer, line), "|");
        if (command->error == CONTROL_CLIENT_OK)
            command->error = control_client_why(&client);
        snprintf(command->reason, sizeof(command->reason), "%s", control_client_reason(&client));
        control_client_close(&client);
    }
    command->task = (struct loop_task){ .run = command_ended, .user = command };
    loop_post(test_loop, &command->task);
    return NULL;
}

static void a_command_gets_its_answer(void **state)
{
    struct command command = { .line = "echo\nbye" };
    pthread_t thread;

    (void)state;
    assert_int_equal(pthread_create(&thread, NULL, run_command, &command), 0);
    on_loop_until(&command.is_done);
    pthread_join(thread, NULL);
    assert_int_equal(command.error, CONTROL_CLIENT_BROKEN);
    assert_string_equal(command.answer, "one|two|good bye|");
    on_loop_until(&is_gone);
    assert_string_equal(lines, "<echo><bye>");
}

static void without_a_gateway_the_client_says_so(void **state)
{
    struct control_client client;

    (void)state;
    assert_int_equal(control_client_open(&client, "/tmp/mi32-test-nobody/control"),
                     CONTROL_CLIENT_NO_GATEWAY);
    assert_non_null(strstr(control_client_error_text(CONTROL_CLIENT_NO_GATEWAY), "mi32 run"));
}

/* Nobody turns the loop here, as in a gateway that was stopped. */
static void a_gateway_that_does_not_answer_is_not_waited_for(void **state)
{
    struct control_client client;

    (void)state;
    assert_int_equal(control_client_open(&client, path), CONTROL_CLIENT_OK);
    control_client_wait_at_most(&client, 1);
    assert_int_equal(control_client_send(&client, "echo"), CONTROL_CLIENT_OK);
    assert_null(control_client_line(&client));
    assert_int_equal(control_client_why(&client), CONTROL_CLIENT_SILENT);
    control_client_close(&client);
}

static void a_line_in_pieces_is_not_lost(void **state)
{
    struct control_client client = { 0 };
    int fds[2];

    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
    client.fd = fds[0];
    control_client_wait_at_most(&client, 1);
    assert_int_equal(send(fds[1], "ab", 2, 0), 2);
    assert_null(control_client_line(&client));
    assert_int_equal(control_client_why(&client), CONTROL_CLIENT_SILENT);
    assert_int_equal(send(fds[1], "c\n\nde\nf", 7, 0), 7);
    assert_string_equal(control_client_line(&client), "abc");
    assert_string_equal(control_client_line(&client), "");
    assert_string_equal(control_client_line(&client), "de");
    close(fds[1]);
    assert_null(control_client_line(&client)); /* the half line behind it is none */
    assert_int_equal(control_client_why(&client), CONTROL_CLIENT_BROKEN);
    control_client_close(&client);
}

/* A raw connection, for what the client would never send. */
static int connect_raw(void)
{
    struct sockaddr_un addr = { .sun_family = AF_UNIX };
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);

    snprintf(addr.sun_path, sizeof(addr.sun_path), "%s", path);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
    return fd;
}

static void send_raw(int fd, const char *data, size_t len)
{
    assert_int_equal(send(fd, data, len, MSG_NOSIGNAL), len);
}

static void lines_come_whole_however_they_are_cut(void **state)
{
    const int fd = connect_raw();

    (void)state;
    send_raw(fd, "one\r\n\nth", 8);
    on_loop_until(&has_line);
    has_line = false;
    send_raw(fd, "ree\nunfinished", 14);
    on_loop_until(&has_line);
    close(fd);
    on_loop_until(&is_gone);
    assert_string_equal(lines, "<one><><three>");
}

static void a_half_closed_client_still_gets_its_answer(void **state)
{
    const int fd = connect_raw();
    char answer[16] = "";

    (void)state;
    send_raw(fd, "echo\n", 5);
    shutdown(fd, SHUT_WR);
    on_loop_until(&is_gone);
    assert_int_equal(recv(fd, answer, sizeof(answer) - 1, 0), 8);
    assert_string_equal(answer, "one\ntwo\n");
    close(fd);
}

static void too_long_a_line_or_a_zero_byte_ends_the_connection(void **state)
{
    char line[PORT_CONTROL_LINE_MAX + 2];

    (void)state;
    memset(line, 'x', sizeof(line));
    for (int i = 0; i < 3; i++) {
        const int fd = connect_raw();
        has_line = is_gone = false;
        send_raw(fd, "hello\n", 6);
        on_loop_until(&has_line);
        line[PORT_CONTROL_LINE_MAX] = i == 0 ? '\n' : 'x';
        has_line = false;
        if (i == 2)
            send_raw(fd, "a\0b\n", 4);
        else
            send_raw(fd, line, PORT_CONTROL_LINE_MAX + 1);
        on_loop_until(i == 0 ? &has_line : &is_gone);
        assert_int_equal(has_line, i == 0);
        close(fd);
        on_loop_until(&is_gone);
    }
}

static void a_client_that_does_not_read_is_dropped(void **state)
{
    static char much[100 * 1024];
    const int fd = connect_raw();

    (void)state;
    memset(much, 'x', sizeof(much));
    send_raw(fd, "hello\n", 6);
    on_loop_until(&has_line);
    for (int i = 0; i < 10; i++)
        control->send(control->self, last_client, much, sizeof(much));
    on_loop_turn();
    assert_false(is_gone);
    for (int i = 0; i < 10; i++)
        control->send(control->self, last_client, much, sizeof(much));
    assert_false(is_gone); /* never from inside send() */
    on_loop_until(&is_gone);
    close(fd);
}

/* Also when that was before it had asked anything. */
static void one_client_too_many_is_told_why(void **state)
{
    struct command command = { .line = "echo" };
    int fds[CONTROL_CLIENTS_MAX];
    pthread_t thread;

    (void)state;
    for (size_t i = 0; i < CONTROL_CLIENTS_MAX; i++) {
        fds[i] = connect_raw();
        has_line = false;
        send_raw(fds[i], "hello\n", 6);
        on_loop_until(&has_line);
    }
    lines[0] = '\0';
    assert_int_equal(pthread_create(&thread, NULL, run_command, &command), 0);
    on_loop_until(&command.is_done);
    pthread_join(thread, NULL);
    assert_int_equal(command.error, CONTROL_CLIENT_REFUSED);
    assert_string_equal(command.answer, "");
    assert_string_equal(command.reason, "The gateway refuses: too many local programs are "
                                        "connected; end one of them");
    assert_string_equal(lines, "");
    for (size_t i = 0; i < CONTROL_CLIENTS_MAX; i++)
        close(fds[i]);
    on_loop_turn();
}

static void what_the_gateway_said_before_it_hung_up_is_read(void **state)
{
    static const char answer[] = "one\n{\"error\":\"no\"}\ntwo\n";
    struct control_client client = { 0 };
    int fds[2];

    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
    client.fd = fds[0];
    send_raw(fds[1], answer, sizeof(answer) - 1);
    close(fds[1]);
    assert_int_equal(control_client_send(&client, "echo"), CONTROL_CLIENT_OK);
    assert_string_equal(control_client_line(&client), "one");
    assert_null(control_client_line(&client));
    assert_int_equal(control_client_why(&client), CONTROL_CLIENT_REFUSED);
    assert_string_equal(control_client_reason(&client), "The gateway refuses: no");
    assert_string_equal(control_client_line(&client), "two");
    assert_int_equal(control_client_send(&client, "echo"), CONTROL_CLIENT_BROKEN);
    control_client_close(&client);
}

/* Anybody may make a folder in /tmp. Another user's program there would be told keys. */
static void a_strangers_socket_is_told_nothing(void **state)
{
    struct sockaddr_un addr = { .sun_family = AF_UNIX };
    struct control_client client;
    int ready[2];
    char byte;

    (void)state;
    if (geteuid() != 0)
        skip(); /* only root can be another user, too */
    snprintf(addr.sun_path, sizeof(addr.sun_path), "%s", path);
    assert_int_equal(chmod(folder, 0777), 0);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ready), 0);
    const pid_t stranger = fork();
    if (stranger == 0) {
        close(ready[0]); /* then the end of the test is its end, too */
        const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
        const bool is_good = setuid(65534) == 0 &&
                             bind(fd, (struct sockaddr *)&addr, sizeof(addr)) == 0 &&
                             listen(fd, 1) == 0;
        _exit(write(ready[1], is_good ? "y" : "n", 1) == 1 && read(ready[1], &byte, 1) == 0 ? 0
                                                                                            : 1);
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    assert_int_equal(byte, 'y');
    assert_int_equal(control_client_open(&client, path), CONTROL_CLIENT_STRANGER);
    close(ready[0]);
    close(ready[1]);
    waitpid(stranger, NULL, 0);
    unlink(path);
    chmod(folder, 0700);
}

static void the_socket_is_ours_alone(void **state)
{
    struct stat st;

    (void)state;
    assert_int_equal(stat(path, &st), 0);
    assert_true((st.st_mode & 0777) == 0600 || (st.st_mode & 0777) == 0660);
    stop(NULL);
    assert_int_not_equal(stat(path, &st), 0);
}

static void a_second_gateway_does_not_take_it(void **state)
{
    char error[CONTROL_ERROR_SIZE];

    (void)state;
    assert_null(control_server_new(test_loop, path, error));
    assert_non_null(strstr(error, "belongs to another gateway"));
    const int fd = connect_raw(); /* and the first goes on */
    send_raw(fd, "hello\n", 6);
    on_loop_until(&has_line);
    close(fd);
}

/* What a gateway leaves behind that was killed: a socket nobody listens at. */
static void a_dead_gateways_socket_is_replaced(void **state)
{
    struct sockaddr_un addr = { .sun_family = AF_UNIX };
    const int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    (void)state;
    snprintf(addr.sun_path, sizeof(addr.sun_path), "%s", path);
    assert_int_equal(bind(fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
    close(fd);
    assert_int_equal(access(path, F_OK), 0);
    assert_int_equal(start(NULL), 0);
    stop(NULL);
}

static void other_files_and_open_folders_are_refused(void **state)
{
    char error[CONTROL_ERROR_SIZE];
    FILE *file = fopen(path, "w");

    (void)state;
    assert_non_null(file);
    fclose(file);
    assert_null(control_server_new(test_loop, path, error));
    assert_non_null(strstr(error, "another file"));
    unlink(path);
    chmod(folder, 0777);
    assert_null(control_server_new(test_loop, path, error));
    assert_non_null(strstr(error, "others may write"));
    chmod(folder, 0700);
}

static void the_places_are_looked_at_in_order(void **state)
{
    char found[CONTROL_PATH_MAX + 1], user[64];

    (void)state;
    snprintf(user, sizeof(user), "/tmp/mi32-%lu/control", (unsigned long)getuid());
    setenv("RUNTIME_DIRECTORY", "/run/one:/run/two", 1);
    setenv("XDG_RUNTIME_DIR", "/run/user/7", 1);
    assert_true(control_path(0, found));
    assert_string_equal(found, "/run/one/control");
    assert_false(control_path(1, found)); /* who says where means no other */
    unsetenv("RUNTIME_DIRECTORY");
    assert_true(control_path(0, found));
    assert_string_equal(found, "/run/user/7/mi32/control");
    setenv("XDG_RUNTIME_DIR", "", 1);
    assert_true(control_path(0, found));
    assert_string_equal(found, user);
    assert_true(control_path(1, found));
    assert_string_equal(found, "/run/mi32/control");
    assert_false(control_path(2, found));
}

static int setup(void **state)
{
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof(path), "%s/control", folder);
    return on_loop_setup(state);
}

static int teardown(void **state)
{
    rmdir(folder);
    return on_loop_teardown(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_command_gets_its_answer, start, stop),
        cmocka_unit_test(without_a_gateway_the_client_says_so),
        cmocka_unit_test_setup_teardown(a_gateway_that_does_not_answer_is_not_waited_for, start,
                                        stop),
        cmocka_unit_test(a_line_in_pieces_is_not_lost),
        cmocka_unit_test_setup_teardown(lines_come_whole_however_they_are_cut, start, stop),
        cmocka_unit_test_setup_teardown(a_half_closed_client_still_gets_its_answer, start, stop),
        cmocka_unit_test_setup_teardown(too_long_a_line_or_a_zero_byte_ends_the_connection, start,
                                        stop),
        cmocka_unit_test_setup_teardown(a_client_that_does_not_read_is_dropped, start, stop),
        cmocka_unit_test_setup_teardown(one_client_too_many_is_told_why, start, stop),
        cmocka_unit_test(what_the_gateway_said_before_it_hung_up_is_read),
        cmocka_unit_test(a_strangers_socket_is_told_nothing),
        cmocka_unit_test_setup_teardown(the_socket_is_ours_alone, start, stop),
        cmocka_unit_test_setup_teardown(a_second_gateway_does_not_take_it, start, stop),
        cmocka_unit_test(a_dead_gateways_socket_is_replaced),
        cmocka_unit_test(other_files_and_open_folders_are_refused),
        cmocka_unit_test(the_places_are_looked_at_in_order),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
