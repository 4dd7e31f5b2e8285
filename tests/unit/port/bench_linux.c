#include "bench.h"

#include "air.h"
#include "on_loop.h"

#include "files/files.h"
#include "linux/bluetooth.h"
#include "linux/control_server.h"
#include "linux/folder.h"
#include "linux/mqtt_client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <dirent.h>
#include <sys/socket.h>
#include <unistd.h>

static char path[32];
static struct folder folder;
static struct files *files;
static struct air air;
static struct bluetooth *radio;
static struct mqtt_client *mqtt;
static struct control_server *control;
static struct loop_task delivery;
static struct port port;

static void deliver(void *user)
{
    (void)user;
    files_deliver(files);
}

static void wake(void *user)
{
    (void)user;
    loop_post(test_loop, &delivery);
}

static void open_files(void)
{
    const struct files_setup setup = { .calls = &folder.calls, .has_thread = true, .wake = wake };

    delivery = (struct loop_task){ .run = deliver };
    files = files_open(&setup);
    assert_non_null(files);
    port.files = files_port(files);
}

static void close_files(void)
{
    files_close(files);
    loop_unpost(test_loop, &delivery);
}

int bench_setup(void **state)
{
    char error[CONTROL_ERROR_SIZE], socket[64];

    strcpy(path, "/tmp/mi32-bench-XXXXXX");
    assert_non_null(mkdtemp(path));
    assert_int_equal(on_loop_setup(state), 0);
    assert_int_equal(folder_open(&folder, path), 0);
    open_files();
    snprintf(socket, sizeof(socket), "%s/control", path);
    control = control_server_new(test_loop, socket, error);
    air_init(&air);
    radio = bluetooth_new(test_loop, "auto", air_sockets(&air));
    mqtt = mqtt_client_new(test_loop);
    assert_true(control && radio && mqtt);
    port.clock = loop_clock(test_loop);
    port.radio = bluetooth_port(radio);
    port.mqtt = mqtt_client_port(mqtt);
    port.control = control_server_port(control);
    port.random = loop_random;
    return 0;
}

static void remove_all(void)
{
    DIR *dir = opendir(path);
    const struct dirent *entry;

    assert_non_null(dir);
    while ((entry = readdir(dir)))
        unlinkat(dirfd(dir), entry->d_name, 0);
    closedir(dir);
    rmdir(path);
}

int bench_teardown(void **state)
{
    mqtt_client_free(mqtt);
    bluetooth_free(radio);
    air_close(&air);
    control_server_free(control);
    close_files();
    folder_close(&folder);
    remove_all();
    return on_loop_teardown(state);
}

const struct port *bench_port(void)
{
    return &port;
}

void bench_hear(uint8_t sender, const void *data, size_t len)
{
    uint8_t message[KERNEL_MESSAGE_MAX];
    const size_t n = kernel_advert(sender, data, len, KERNEL_INDEX, message);

    if (air.mgmt.fd >= 0) /* nobody may be there any more */
        (void)send(air.mgmt.fd, message, n, MSG_NOSIGNAL);
}

void bench_reopen_files(void)
{
    close_files();
    open_files();
}

void bench_until(const bool *condition)
{
    on_loop_until(condition);
}
