/* The queue of events: oldest first, nothing lost but what is counted. */
#include "mqtt/queue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct mqtt_queue queue;

static int open_queue(void **state)
{
    (void)state;
    queue = (struct mqtt_queue){ .max = 1000 };
    return 0;
}

static int close_queue(void **state)
{
    (void)state;
    mqtt_queue_clear(&queue);
    return 0;
}

/* A record that can be told from others, of a size of its own. */
static void push(uint64_t number)
{
    struct mqtt_record *record = mqtt_queue_push(&queue, (uint8_t)(number % 17));

    assert_non_null(record);
    record->heard_ms = number;
    for (uint8_t i = 0; i < record->n; i++)
        record->values[i] = (struct mqtt_value){ .value = (int64_t)number + i };
}

static void expect_next(uint64_t number)
{
    const struct mqtt_record *record = mqtt_queue_next(&queue);

    assert_non_null(record);
    assert_int_equal(record->heard_ms, number);
    assert_int_equal(record->n, number % 17);
    for (uint8_t i = 0; i < record->n; i++)
        assert_int_equal(record->values[i].value, number + i);
}

static void comes_out_in_order(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 500; i++)
        push(i);
    for (uint64_t i = 0; i < 500; i++) {
        expect_next(i);
        mqtt_queue_sent(&queue, (int)i);
    }
    assert_null(mqtt_queue_next(&queue));
    assert_int_equal(queue.in_flight, 500);
    for (int i = 0; i < 500; i++)
        assert_true(mqtt_queue_acknowledged(&queue, i));
    assert_int_equal(queue.count, 0);
    assert_int_equal(queue.in_flight, 0);
    assert_int_equal(queue.dropped, 0);
}

static void what_is_not_acknowledged_is_sent_again(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 5; i++) {
        push(i);
        mqtt_queue_sent(&queue, 10 + (int)i);
    }
    assert_true(mqtt_queue_acknowledged(&queue, 10));
    assert_true(mqtt_queue_acknowledged(&queue, 13)); /* out of turn */
    assert_false(mqtt_queue_acknowledged(&queue, 13));
    assert_false(mqtt_queue_acknowledged(&queue, 99));
    assert_false(mqtt_queue_acknowledged(&queue, -1));
    assert_int_equal(queue.in_flight, 3);
    mqtt_queue_rewind(&queue);
    assert_int_equal(queue.in_flight, 0);
    static const uint64_t again[] = { 1, 2, 4 };
    for (size_t i = 0; i < 3; i++) {
        expect_next(again[i]);
        mqtt_queue_sent(&queue, 20 + (int)i);
    }
    assert_null(mqtt_queue_next(&queue));
    for (int i = 22; i >= 20; i--)
        assert_true(mqtt_queue_acknowledged(&queue, i));
    assert_int_equal(queue.count, 0);
}

/* What was taken out of turn before the connection broke is not left over behind the rest. */
static void nothing_is_left_over(void **state)
{
    (void)state;
    push(1);
    mqtt_queue_sent(&queue, 1);
    push(2);
    mqtt_queue_sent(&queue, 2);
    assert_true(mqtt_queue_acknowledged(&queue, 2));
    mqtt_queue_rewind(&queue);
    expect_next(1);
    mqtt_queue_sent(&queue, 3);
    assert_true(mqtt_queue_acknowledged(&queue, 3));
    assert_null(mqtt_queue_next(&queue));
    assert_int_equal(queue.count, 0);
}

static void when_full_the_oldest_goes_even_one_in_flight(void **state)
{
    (void)state;
    queue.max = 100;
    for (uint64_t i = 0; i < 100; i++)
        push(i);
    mqtt_queue_sent(&queue, 1);
    mqtt_queue_sent(&queue, 2);
    for (uint64_t i = 100; i < 103; i++)
        push(i);
    assert_int_equal(queue.count, 100);
    assert_int_equal(queue.dropped, 3);
    assert_int_equal(queue.in_flight, 0);
    assert_false(mqtt_queue_acknowledged(&queue, 1)); /* comes too late */
    for (uint64_t i = 3; i < 103; i++) {
        expect_next(i);
        mqtt_queue_sent(&queue, (int)i);
        assert_true(mqtt_queue_acknowledged(&queue, (int)i));
    }
    assert_int_equal(queue.count, 0);
}

static void what_cannot_go_out_is_skipped_and_counted(void **state)
{
    (void)state;
    push(1);
    push(2);
    mqtt_queue_skip(&queue);
    assert_int_equal(queue.dropped, 1);
    expect_next(2);
    mqtt_queue_sent(&queue, 1);
    assert_true(mqtt_queue_acknowledged(&queue, 1));
    assert_int_equal(queue.count, 0);
}

/* Filling and emptying for long: the sanitizers watch the chunks come and go. */
static void goes_on_for_ever(void **state)
{
    uint64_t pushed = 0, taken = 0;
    (void)state;

    for (unsigned round = 0; round < 300; round++) {
        for (unsigned i = 0; i < 1 + round % 37; i++)
            push(pushed++);
        for (unsigned i = 0; i < round % 41 && taken < pushed; i++, taken++) {
            expect_next(taken);
            mqtt_queue_sent(&queue, (int)taken);
            assert_true(mqtt_queue_acknowledged(&queue, (int)taken));
        }
        assert_int_equal(queue.count, pushed - taken);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define WITH_QUEUE(test) cmocka_unit_test_setup_teardown(test, open_queue, close_queue)
        WITH_QUEUE(comes_out_in_order),
        WITH_QUEUE(what_is_not_acknowledged_is_sent_again),
        WITH_QUEUE(nothing_is_left_over),
        WITH_QUEUE(when_full_the_oldest_goes_even_one_in_flight),
        WITH_QUEUE(what_cannot_go_out_is_skipped_and_counted),
        WITH_QUEUE(goes_on_for_ever),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
