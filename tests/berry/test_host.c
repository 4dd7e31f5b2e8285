/* The engine as a host sees it: values in and out, natives, limits, memory. */
#include "berry/berry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- a host that keeps what is printed and counts its memory ---- */

struct world {
    char out[2000];
    size_t len;
    size_t bytes;     /* allocated now */
    long allocations; /* so far */
    long fail_at;     /* this allocation, and all behind it, fail; 0: none */
    long fail_to;     /* but from this one on there is memory again; 0: never */
    long ticks;
    long tick_raises_at; /* this tick and those behind it raise; 0: none */
    bool tick_stops;
    int dropped;
};

static void write_out(void *user, const char *text, size_t len)
{
    struct world *w = user;
    if (w->len + len < sizeof w->out) {
        memcpy(w->out + w->len, text, len);
        w->len += len;
        w->out[w->len] = '\0';
    }
}

static void *counting_realloc(void *user, void *old, size_t old_size, size_t new_size)
{
    struct world *w = user;
    if (new_size > old_size && w->fail_at && ++w->allocations >= w->fail_at &&
        (!w->fail_to || w->allocations < w->fail_to))
        return NULL;
    w->bytes = w->bytes - old_size + new_size;
    if (new_size == 0) {
        free(old);
        return NULL;
    }
    return realloc(old, new_size);
}

static bool tick(struct berry *vm, void *user)
{
    struct world *w = user;
    w->ticks++;
    if (!w->tick_raises_at || w->ticks < w->tick_raises_at)
        return true;
    if (w->tick_stops)
        berry_stop(vm);
    return berry_raise(vm, "timeout_error", "the clock says so");
}

static struct berry_host host_of(struct world *w)
{
    memset(w, 0, sizeof *w);
    return (struct berry_host){
        .user = w, .realloc = counting_realloc, .write = write_out, .tick = tick
    };
}

static enum berry_status run(struct berry *vm, const char *source)
{
    return berry_run(vm, source, strlen(source), "test");
}

/* Runs `source`, whose value must be the int `wanted`. */
static void expect_int(struct berry *vm, const char *source, berry_int wanted)
{
    enum berry_status status = run(vm, source);
    if (status != BERRY_OK)
        print_error("%s\n", berry_error(vm));
    assert_int_equal(status, BERRY_OK);
    assert_int_equal(berry_to_int(vm, -1), wanted);
    berry_pop(vm, 1);
}

static void expect_error(struct berry *vm, const char *source, const char *text)
{
    enum berry_status status = run(vm, source);
    const char *error = status == BERRY_EXCEPTION ? berry_error(vm) : "no exception";
    if (strcmp(error, text) != 0)
        print_error("%s\n", source);
    assert_string_equal(error, text);
}

/* ---- values ---- */

static void values_go_in_and_come_back(void **state)
{
    (void)state;
    struct world w;
    struct berry_host host = host_of(&w);
    struct berry *vm = berry_open(&host);
    assert_true(berry_push_list(vm));
    assert_true(berry_push_int(vm, 5) && berry_list_push(vm, -2));
    assert_true(berry_push_string(vm, "a\0b", 3) && berry_list_push(vm, -2));
    assert_true(berry_push_real(vm, (berry_real)1.5) && berry_list_push(vm, -2));
    assert_true(berry_push_bytes(vm, (const uint8_t *)"\x01\x02", 2) && berry_list_push(vm, -2));
    assert_int_equal(berry_size(vm, -1), 4);
    assert_true(berry_list_get(vm, -1, 1));
    size_t len;
    assert_memory_equal(berry_to_string(vm, -1, &len), "a\0b", 3);
    assert_int_equal(len, 3);
    assert_int_equal(berry_type(vm, -1), BERRY_STRING);
    berry_pop(vm, 1);
    assert_true(berry_set_global(vm, "given"));
    expect_int(vm, "return given[0] + given[3][1] + size(given[1])", 10);
    assert_true(berry_push_map(vm));
    assert_true(berry_push_string(vm, "k", 1) && berry_push_bool(vm, true) &&
                berry_map_set(vm, -3));
    uint32_t at = 0;
    assert_true(berry_map_next(vm, -1, &at));
    assert_true(berry_to_bool(vm, -1));
    berry_pop(vm, 2);
    assert_false(berry_map_next(vm, -1, &at));
    assert_true(berry_push_text(vm, -1));
    assert_string_equal(berry_to_string(vm, -1, NULL), "{'k': true}");
    berry_pop(vm, 2);
    assert_int_equal(berry_top(vm), 0);
    berry_close(vm);
    assert_int_equal(w.bytes, 0);
}

static void several_vms_share_nothing(void **state)
{
    (void)state;
    struct world w[2];
    struct berry_host host0 = host_of(&w[0]), host1 = host_of(&w[1]);
    struct berry *a = berry_open(&host0), *b = berry_open(&host1);
    expect_int(a, "x = 1 return x", 1);
    expect_error(b, "return x",
                 "syntax_error: test:1: 'x' undeclared (first use in this function)");
    expect_int(b, "import math math.srand(1) x = 2 return x", 2);
    expect_int(a, "print(x) return x", 1);
    assert_string_equal(w[0].out, "1\n");
    assert_int_equal(w[1].len, 0);
    berry_close(a);
    expect_int(b, "return x", 2);
    berry_close(b);
}

/* ---- natives ---- */

static bool native_add(struct berry *vm, int argc)
{
    if (argc < 2)
        return berry_raise(vm, "value_error", "two numbers, not %d", argc);
    return berry_return_int(vm, berry_to_int(vm, 0) + berry_to_int(vm, 1));
}

/* twice(f, x): f(f(x)) */
static bool native_twice(struct berry *vm, int argc)
{
    (void)argc;
    berry_push_copy(vm, 0);
    berry_push_copy(vm, 0);
    berry_push_copy(vm, 1);
    for (int times = 0; times < 2; times++) {
        if (!berry_invoke(vm, 1))
            return false;
    }
    return berry_return(vm);
}

struct counter {
    int n;
};

static const struct berry_class counter_class;

static bool counter_up(struct berry *vm, int argc)
{
    (void)argc;
    struct counter *c = berry_to_data(vm, 0, &counter_class);
    if (!c)
        return berry_raise(vm, "type_error", "no counter");
    c->n++;
    return berry_return_int(vm, c->n);
}

static void counter_drop(struct berry *vm, void *data)
{
    struct world *w = berry_user(vm);
    w->dropped += ((struct counter *)data)->n;
}

static const struct berry_member counter_members[] = {
    BERRY_METHOD("up", counter_up),
    { .name = "limit", .kind = BERRY_MEMBER_INT, .value.i = 9 },
    { .name = "unit",
      .kind = BERRY_MEMBER_STRING,
      .value.s = "a text of more than forty bytes is made at each use" },
    BERRY_END,
};

static const struct berry_class counter_class = { .name = "counter",
                                                  .members = counter_members,
                                                  .data_size = sizeof(struct counter),
                                                  .drop = counter_drop };

static const struct berry_member functions[] = { BERRY_FUNCTION("add", native_add),
                                                 BERRY_FUNCTION("twice", native_twice), BERRY_END };
static const struct berry_class *const classes[] = { &counter_class, NULL };

static const struct berry_member tools_members[] = {
    BERRY_FUNCTION("add", native_add),
    { .name = "version", .kind = BERRY_MEMBER_STRING, .value.s = "1.0" },
    { .name = "counter", .kind = BERRY_MEMBER_CLASS, .value.class_def = &counter_class },
    BERRY_END,
};
static const struct berry_module tools = { .name = "tools", .members = tools_members };
static const struct berry_module *const modules[] = { &tools, NULL };

static struct berry *open_with_tools(struct world *w)
{
    struct berry_host host = host_of(w);
    host.functions = functions;
    host.classes = classes;
    host.modules = modules;
    return berry_open(&host);
}

static void natives_are_tables(void **state)
{
    (void)state;
    struct world w;
    struct berry *vm = open_with_tools(&w);
    expect_int(vm, "return add(2, 3)", 5);
    expect_int(vm, "return twice(/ x -> x * 3, 2)", 18);
    expect_error(vm, "add(1)", "value_error: two numbers, not 1");
    expect_error(vm, "twice(/ x -> nil + x, 2)",
                 "type_error: unsupported operand type(s) for +: 'nil' and 'int'");
    expect_int(vm, "try twice(def (x) raise 'e', x end, 7) except 'e' as e, m return m end", 7);
    expect_int(vm, "import tools return tools.add(1, 1) + size(tools.version)", 5);
    expect_int(vm,
               "import tools return classname(tools.counter()) == 'counter' && "
               "classof(tools.counter()) == counter ? 1 : 0",
               1);
    berry_close(vm);
}

static void classes_carry_data_and_drop_it(void **state)
{
    (void)state;
    struct world w;
    struct berry *vm = open_with_tools(&w);
    expect_int(vm, "c = counter() c.up() return c.up() + c.limit", 11);
    expect_int(vm,
               "class Sub : counter var extra def up() return super(self).up() + 100 end end "
               "s = Sub() s.extra = 5 return s.up() + s.extra",
               106);
    expect_error(vm, "counter.up(5)", "type_error: no counter");
    expect_error(vm, "counter.up()", "type_error: no counter");
    expect_error(vm, "c.x = 1", "attribute_error: class 'counter' cannot assign to attribute 'x'");
    assert_int_equal(run(vm, "c = nil"), BERRY_OK);
    berry_pop(vm, 1);
    berry_collect(vm);
    assert_int_equal(w.dropped, 2);
    berry_close(vm);
    assert_int_equal(w.dropped, 3);
    assert_int_equal(w.bytes, 0);
}

static void pointers_are_opaque_and_checked(void **state)
{
    (void)state;
    struct world w;
    struct berry *vm = open_with_tools(&w);
    static const int kind_a, kind_b;
    int thing = 5;
    assert_true(berry_push_comptr(vm, &thing, &kind_a));
    assert_ptr_equal(berry_to_comptr(vm, -1, &kind_a), &thing);
    assert_null(berry_to_comptr(vm, -1, &kind_b));
    assert_true(berry_set_global(vm, "p"));
    expect_int(vm, "return type(p) == 'ptr' && p && p == p ? 1 : 0", 1);
    expect_error(vm, "p[0] = 1", "type_error: value 'ptr' does not support index");
    expect_error(vm, "return p[0]", "value_error: pointer outside of its object");
    expect_error(vm, "bytes(p, 4)", "value_error: pointer outside of its object");
    berry_close(vm);
}

static void a_buffer_is_shared_with_the_host(void **state)
{
    (void)state;
    struct world w;
    struct berry *vm = open_with_tools(&w);
    uint8_t memory[4] = { 1, 2, 3, 4 };
    assert_true(berry_push_mapped(vm, memory, sizeof memory) && berry_set_global(vm, "mapped"));
    expect_int(vm, "mapped[0] = 9 return mapped[3]", 4);
    assert_int_equal(memory[0], 9);
    expect_error(vm, "mapped .. 1",
                 "attribute_error: bytes object size is fixed and cannot be resized");
    assert_int_equal(run(vm, "b = bytes(-8) return b"), BERRY_OK);
    size_t len;
    bool fixed;
    uint8_t *data = berry_to_bytes(vm, -1, &len, &fixed);
    assert_true(fixed);
    assert_int_equal(len, 8);
    berry_pop(vm, 1);
    data[7] = 42; /* it stays where it is: the global keeps it */
    expect_int(vm, "return b[7]", 42);
    berry_close(vm);
}

static void kept_values_live(void **state)
{
    (void)state;
    struct world w;
    struct berry *vm = open_with_tools(&w);
    assert_int_equal(run(vm, "var n = 0 return def (by) n += by return n end"), BERRY_OK);
    int ref = berry_ref(vm);
    assert_int_equal(ref, 1);
    for (int i = 1; i <= 3; i++) {
        berry_collect(vm);
        assert_true(berry_push_ref(vm, ref) && berry_push_int(vm, 10));
        assert_int_equal(berry_call(vm, 1), BERRY_OK);
        assert_int_equal(berry_to_int(vm, -1), 10 * i);
        berry_pop(vm, 1);
    }
    berry_unref(vm, ref);
    assert_true(berry_push_ref(vm, ref));
    assert_int_equal(berry_type(vm, -1), BERRY_NIL);
    berry_close(vm);
}

static void members_and_methods_by_name(void **state)
{
    (void)state;
    struct world w;
    struct berry *vm = open_with_tools(&w);
    assert_int_equal(run(vm,
                         "class A var v def init() self.v = 1 end def m(x) return self.v + x end "
                         "end return A()"),
                     BERRY_OK);
    assert_true(berry_is_instance(vm, -1, "A"));
    assert_true(berry_push_int(vm, 5) && berry_set_member(vm, -2, "v"));
    assert_true(berry_get_member(vm, -1, "v"));
    assert_int_equal(berry_to_int(vm, -1), 5);
    berry_pop(vm, 1);
    assert_true(berry_push_int(vm, 2) && berry_invoke_method(vm, "m", 1));
    assert_int_equal(berry_to_int(vm, -1), 7);
    berry_pop(vm, 1);
    assert_int_equal(berry_top(vm), 0);
    berry_close(vm);
}

/* ---- errors ---- */

static void an_uncaught_error_shows_where(void **state)
{
    (void)state;
    struct world w;
    struct berry *vm = open_with_tools(&w);
    assert_int_equal(run(vm, "def g(x)\n  return 1 + x\nend\ncall(g)\n"), BERRY_EXCEPTION);
    assert_string_equal(berry_error_name(vm), "type_error");
    assert_string_equal(berry_error_message(vm),
                        "unsupported operand type(s) for +: 'int' and 'nil'");
    berry_print_error(vm);
    assert_string_equal(w.out, "type_error: unsupported operand type(s) for +: 'int' and 'nil'\n"
                               "stack traceback:\n"
                               "\ttest:2: in function `g`\n"
                               "\t<native>: in native function\n"
                               "\ttest:4: in function `main`\n");
    expect_int(vm, "return 3", 3);
    berry_close(vm);
}

/* The text of an error may be a script's, which raises, catches and collects while the trace waits.
 */
static void a_traceback_outlives_the_text_of_its_error(void **state)
{
    (void)state;
    struct world w;
    struct berry_host host = host_of(&w);
    struct berry *vm = berry_open(&host);
    assert_int_equal(run(vm, "import gc\n"
                             "class T def tostring() try raise 1 except .. end gc.collect()\n"
                             "  raise 2 end end\n"
                             "compile('def once() raise T() end once()')()\n"),
                     BERRY_EXCEPTION);
    assert_string_equal(berry_error(vm), "instance: nil");
    berry_print_error(vm);
    assert_string_equal(w.out, "instance: nil\n"
                               "stack traceback:\n"
                               "\tstring:1: in function `once`\n"
                               "\tstring:1: in function `main`\n"
                               "\ttest:4: in function `main`\n");
    berry_close(vm);
}

static void a_long_traceback_is_cut_in_the_middle(void **state)
{
    (void)state;
    struct world w;
    struct berry *vm = open_with_tools(&w);
    assert_int_equal(run(vm, "def f(n) if n == 0 raise 'x' end f(n - 1) end f(100)"),
                     BERRY_EXCEPTION);
    berry_print_error(vm);
    assert_non_null(strstr(w.out, "x: nil\nstack traceback:\n\ttest:1: in function `f`\n"));
    assert_non_null(strstr(w.out, "\t...\n"));
    assert_non_null(strstr(w.out, "`f`\n\ttest:1: in function `main`\n"));
    int lines = 0;
    for (const char *s = w.out; *s; s++)
        lines += *s == '\n';
    assert_int_equal(lines, 2 + 20 + 1);
    berry_close(vm);
}

static void a_syntax_error_has_no_traceback(void **state)
{
    (void)state;
    struct world w;
    struct berry *vm = open_with_tools(&w);
    assert_int_equal(run(vm, "x = 1\nif x\n"), BERRY_EXCEPTION);
    berry_print_error(vm);
    assert_string_equal(w.out, "syntax_error: test:3: expected 'end' before 'EOS'\n");
    berry_close(vm);
}

/* With named globals a name is looked up when it is used, so it can be gone by then. */
static void named_globals_may_vanish(void **state)
{
    (void)state;
    struct world w;
    struct berry_host host = host_of(&w);
    host.named_globals = true;
    struct berry *vm = berry_open(&host);
    expect_int(vm, "g = 1 def f() return g end import global global.undef('g') return 1", 1);
    expect_error(vm, "f()", "attribute_error: 'g' undeclared");
    expect_int(vm, "import global global.g = 7 return f()", 7);
    expect_error(vm, "return never_seen",
                 "syntax_error: test:1: 'never_seen' undeclared (first use in this function)");
    berry_close(vm);
}

static void strict_can_be_the_hosts_wish(void **state)
{
    (void)state;
    struct world w;
    struct berry_host host = host_of(&w);
    host.strict = true;
    struct berry *vm = berry_open(&host);
    expect_error(vm, "def f() x = 1 end",
                 "syntax_error: test:1: strict: no global 'x', did you mean 'var x'?");
    expect_int(vm, "x = 1 return x", 1);
    berry_close(vm);
}

static void an_error_may_be_hard_to_print(void **state)
{
    (void)state;
    struct world w;
    struct berry *vm = open_with_tools(&w);
    expect_error(vm, "class A def tostring() raise 'again' end end raise A(), A()",
                 "instance: instance");
    expect_error(vm,
                 "class B def tostring() try for i : 1..100000 end return 'long' except .. "
                 "return 'caught itself' end end end b = B() raise b, b",
                 "long: long");
    berry_close(vm);
}

static void an_exception_that_has_arrived_is_over(void **state)
{
    (void)state;
    struct world w;
    struct berry *vm = open_with_tools(&w);
    expect_int(vm, "class B def tostring() for i : 1..100000 end return 'text' end end b = B()", 0);
    assert_int_equal(run(vm, "raise 'e', 'm'"), BERRY_EXCEPTION);
    assert_true(berry_get_global(vm, "b") && berry_push_text(vm, -1));
    assert_string_equal(berry_to_string(vm, -1, NULL), "text");
    assert_string_equal(berry_error(vm), "e: m");
    berry_close(vm);
}

/* ---- limits ---- */

static struct berry *open_with_limits(struct world *w, struct berry_limits limits)
{
    struct berry_host host = host_of(w);
    host.limits = limits;
    return berry_open(&host);
}

static void an_endless_loop_ends(void **state)
{
    (void)state;
    struct world w;
    static const char *const loops[] = {
        "while true end",
        "for i : 0.. end",
        "def f() return f() end while true try f() except 'runtime_error' end end",
        "class A def iter() return def () return 1 end end end for x : A() end",
        "var l = [] for i : 0..999 l.push(i) end while true l.find(-1) end",
        "import string var s = 'a' * 30000 while true string.count(s, 'aaa') end",
        ("import json var l = [] for i : 0..999 l.push(i) end while true json.load(json.dump(l)) "
         "end"),
        "while true ; [1].concat() end",
    };
    struct berry *vm = open_with_limits(&w, (struct berry_limits){ .instructions = 1000000 });
    for (size_t i = 0; i < sizeof loops / sizeof loops[0]; i++)
        expect_error(vm, loops[i], "timeout_error: Berry code running for too long");
    expect_int(vm, "var n = 0 for i : 1..1000 n += 1 end return n", 1000);
    berry_close(vm);
}

static void the_budget_is_fresh_for_each_call(void **state)
{
    (void)state;
    struct world w;
    struct berry *vm = open_with_limits(&w, (struct berry_limits){ .instructions = 100000 });
    for (int i = 0; i < 50; i++)
        expect_int(vm, "var n = 0 for i : 1..5000 n += 1 end return n", 5000);
    berry_close(vm);
}

/* A script may catch the exception once, to tidy up; then it is over for good. */
static void a_timeout_can_be_caught_once(void **state)
{
    (void)state;
    struct world w;
    struct berry *vm = open_with_limits(&w, (struct berry_limits){ .instructions = 100000 });
    expect_int(vm, "try while true end except 'timeout_error' return 5 end", 5);
    expect_error(vm, "def f(n) if n f(n - 1) f(n - 1) end end f(60)", /* no loop, only calls */
                 "timeout_error: Berry code running for too long");
    expect_error(vm, "while true try while true end except .. end end",
                 "timeout_error: Berry code running for too long");
    expect_error(vm,
                 "for x : def () try while true end except .. end raise 'stop_iteration' end end "
                 "while true end",
                 "timeout_error: Berry code running for too long");
    expect_int(vm, "return 1", 1);
    berry_close(vm);
}

static void a_memory_bomb_is_stopped(void **state)
{
    (void)state;
    struct world w;
    static const char *const bombs[] = {
        "var s = 'x' while true s += s end",
        "var l = [] while true l.push(l) end",
        "var m = {}, i = 0 while true m[i] = i i += 1 end",
        "var l = [] l.resize(1000000000)",
        "var l = [] while true l = [l] end",
        "var l = [] while true l.push(bytes(-32768)) end",
        "import json var l = [1] while true l = [l, l, json.dump(l)] end",
        "def f(*a) return call(f, a + a + [1]) end f(1)",
        "var fs = [] while true var v fs.push(/-> v) end",
        "var s = '[' while true s = s + s end",
    };
    struct berry *vm = open_with_limits(&w, (struct berry_limits){ .heap_bytes = 2 << 20 });
    for (size_t i = 0; i < sizeof bombs / sizeof bombs[0]; i++) {
        char source[200]; /* in a function, so that nothing of it stays */
        snprintf(source, sizeof source, "def bomb() %s end bomb()", bombs[i]);
        assert_int_equal(run(vm, source), BERRY_EXCEPTION);
        const char *name = berry_error_name(vm);
        assert_true(strcmp(name, "memory_error") == 0 || strcmp(name, "runtime_error") == 0);
        assert_true(w.bytes <= (2 << 20));
        expect_int(vm, "return size('still' + ' here')", 10);
    }
    expect_int(vm, "try var s = 'x' while true s += s end except 'memory_error' return 5 end", 5);
    berry_close(vm);
    assert_int_equal(w.bytes, 0);
}

static void deep_recursion_is_stopped(void **state)
{
    (void)state;
    struct world w;
    struct berry *vm = open_with_limits(&w, (struct berry_limits){ .call_depth = 500 });
    expect_int(vm, "def d(n) return n ? 1 + d(n - 1) : 0 end return d(490)", 490);
    expect_error(vm, "def f() return f() + 1 end f()",
                 "runtime_error: stack overflow (maximum stack size is 20000)");
    expect_int(vm, "return d(490)", 490);
    berry_close(vm);
}

static void the_clock_may_raise(void **state)
{
    (void)state;
    struct world w;
    struct berry_host host = host_of(&w);
    host.limits.tick = 1000;
    struct berry *vm = berry_open(&host);
    w.tick_raises_at = 50;
    expect_error(vm, "while true end", "timeout_error: the clock says so");
    assert_in_range(w.ticks, 50, 50);
    /* each further tick raises again: a script that goes on is caught each time */
    expect_error(vm,
                 "var n = 0 while true try while true end except .. n += 1 "
                 "if n == 20 raise 'enough' end end end",
                 "enough: nil");
    w.tick_stops = true;
    expect_error(vm, "while true try while true end except .. end end",
                 "timeout_error: the clock says so");
    berry_close(vm);
}

static void long_natives_are_interrupted(void **state)
{
    (void)state;
    struct world w;
    struct berry_host host = host_of(&w);
    host.limits.tick = 1000;
    struct berry *vm = berry_open(&host);
    expect_int(vm, "l = [] for i : 0..49999 l.push(i) end return 1", 1);
    expect_int(vm,
               "import string s = 'a' * 30000 t = 'a' * 15000 + 'b' m = {} "
               "for i : 0..4999 m[i << 40] = i end return 1",
               1);
    static const char *const natives[] = {
        "l.find(-1)",
        "l.concat()",
        "l == l.copy()",
        "str(l)",
        "import json json.dump(l)",
        "l.pop(0)",
        "l.remove(0)",
        "l.insert(0, 1)",
        "l.reverse()",
        "l[0..-2]",
        "l[l]",
        "l + l",
        "m.find(1 << 50)", /* keys of one hash */
        "string.find(s, t)",
        "string.count(s, t)",
        "string.split(s, t)",
        "string.replace(s, t, '')",
        "string.tr(s, 'a', 'b')",
        "bytes(-32768).tohex()",
        "bytes(-32768).tob64()",
        "bytes().fromhex(s)",
        "bytes().fromb64(s)",
        "string.escape(s)",
        "(s + s + s + s + s + s + s + s) + s",
        "compile('x = 1 ' * 1000)",
        "compile('return ' + 'true && ' * 1000 + 'true')",
        "compile('class A ' + ';' * 1000 + 'end')",
        "compile('#' * 30000 + s)",
    };
    for (size_t i = 0; i < sizeof natives / sizeof natives[0]; i++) {
        w.ticks = 0;
        w.tick_raises_at = 1;
        expect_error(vm, natives[i], "timeout_error: the clock says so");
        w.tick_raises_at = 0;
    }
    berry_close(vm);
}

static bool native_again(struct berry *vm, int argc)
{
    (void)argc;
    bool ok = berry_run(vm, "return 7", 8, "inner") == BERRY_OK;
    return ok && berry_return(vm);
}

/* A native that runs a source of its own does so on the budget of the script that called it. */
static void nested_runs_share_the_budget(void **state)
{
    (void)state;
    struct world w;
    static const struct berry_member again[] = { BERRY_FUNCTION("again", native_again), BERRY_END };
    struct berry_host host = host_of(&w);
    host.functions = again;
    host.limits.instructions = 20000;
    struct berry *vm = berry_open(&host);
    expect_int(vm, "return again()", 7);
    expect_error(vm, "while true again() end", "timeout_error: Berry code running for too long");
    expect_error(vm, "while true try while true again() end except .. end end",
                 "timeout_error: Berry code running for too long");
    berry_close(vm);
}

static void limits_may_be_huge(void **state)
{
    (void)state;
    struct world w;
    struct berry_host host = host_of(&w);
    host.limits = (struct berry_limits){ .heap_bytes = SIZE_MAX,
                                         .instructions = UINT64_MAX,
                                         .call_depth = UINT32_MAX,
                                         .stack_values = 200000,
                                         .tick = UINT32_MAX };
    struct berry *vm = berry_open(&host);
    expect_int(vm, "var n = 0 for i : 1..100000 n += 1 end return n", 100000);
    expect_int(vm, "def d(n) return n ? 1 + d(n - 1) : 0 end return d(20000)", 20000);
    assert_int_equal(w.ticks, 0);
    berry_close(vm);
}

/* ---- memory ---- */

static const char whole_language[] =
    "import json import string import introspect\n"
    "class A var a, b static s = [1] def init(x) self.a = x end def +(o) return A(self.a + o.a) "
    "end\n"
    "  def tostring() return f'A{self.a}' end def deinit() end def hash() return 5 end end\n"
    "class B : A def init(x) super(self).init(x * 2) end end\n"
    "class L : list var extra end\n"
    "var l = L(), m = {}, n = 0\n"
    "for i : 0..30 l.push(A(i) + B(i)) m['key' + str(i)] = [i, str(i)] m[A(i)] = i end\n"
    "try raise 'e', l except 'e' as e, v n = size(v) end\n"
    "var fs = [] for i : 0..5 var v = i fs.push(def (*r) return v + size(r) end) end\n"
    "for f : fs n += f(1, 2) end\n"
    "n += size(json.dump(m)) + size(str(l)) + size(string.split('a,b,c', ','))\n"
    "n += size(compile('return [1, 2, f\"{1 + 1}\"]')())\n"
    "var b = bytes('0102') for i : 0..50 b.add(i, 2) end\n"
    "n += size(json.load(json.dump({'a': [1, 2, {'b': nil}]}))) + size(introspect.members(A))\n"
    "def deep(k) return k ? deep(k - 1) : 0 end deep(100)\n"
    "return n";

/* Whatever allocation fails, the VM raises memory_error or does not open, and gives all back. */
static void every_allocation_may_fail(void **state)
{
    (void)state;
    struct world w;
    struct berry_host host = host_of(&w);
    int failures = 0;
    for (long n = 1;; n += 1 + n / 40) {
        host_of(&w);
        w.fail_at = n;
        struct berry *vm = berry_open(&host);
        enum berry_status status = vm ? run(vm, whole_language) : BERRY_EXCEPTION;
        if (vm && status == BERRY_EXCEPTION)
            assert_string_equal(berry_error_name(vm), "memory_error");
        berry_close(vm);
        assert_int_equal(w.bytes, 0);
        if (status == BERRY_OK)
            break;
        failures++;
    }
    assert_true(failures > 100);
}

/* Memory that is short for a moment is neither mistaken for something else nor remembered. */
static void memory_may_come_back(void **state)
{
    (void)state;
    struct world w;
    struct berry *vm = open_with_tools(&w);
    static const char source[] = "return size(counter.unit) + size(counter().unit)";
    expect_int(vm, source, 2 * 51);
    berry_collect(vm); /* which now has the memory that it works with */
    long n = 0;
    do {
        w.allocations = 0;
        w.fail_at = ++n;
        w.fail_to = n + 2; /* the second time is after a collection */
        if (run(vm, source) == BERRY_EXCEPTION)
            assert_string_equal(berry_error_name(vm), "memory_error");
        else
            berry_pop(vm, 1);
        w.fail_at = 0;
        expect_int(vm, source, 2 * 51);
    } while (w.allocations >= n);
    assert_true(n > 10);
    berry_close(vm);
    assert_int_equal(w.bytes, 0);
}

static void closing_runs_what_is_due(void **state)
{
    (void)state;
    struct world w;
    struct berry_host host = host_of(&w);
    host.limits.instructions = 100000;
    struct berry *vm = berry_open(&host);
    expect_int(vm,
               "class A var n def init(n) self.n = n end def deinit() print(self.n) end end\n"
               "class Bad def deinit() raise 'x' end end\n"
               "class Endless def deinit() while true end end end\n"
               "a = A(7) b = Bad() return 1",
               1);
    expect_int(vm, "def f() var x = A(8) end f() return 1", 1);
    berry_collect(vm);
    assert_string_equal(w.out, "8\n");
    expect_int(vm, "e = Endless() return 1", 1);
    berry_close(vm);
    assert_int_equal(w.bytes, 0);
}

static void a_resurrected_object_stays_whole(void **state)
{
    (void)state;
    struct world w;
    struct berry_host host = host_of(&w);
    struct berry *vm = berry_open(&host);
    expect_int(vm,
               "saved = nil n = 0\n"
               "class A var v def init() self.v = [1, 2] end\n"
               "  def deinit() saved = self n += 1 end end\n"
               "def f() A() end f() return 1",
               1);
    berry_collect(vm);
    expect_int(vm, "return saved.v[1] + n", 3);
    expect_int(vm, "saved = nil return 1", 1);
    berry_collect(vm);
    expect_int(vm, "return n", 1);
    berry_close(vm);
    assert_int_equal(w.bytes, 0);
}

/* ---- a host that hands out freed memory again at once, as sanitizers never do ---- */

struct freed {
    void *blocks[1000];
    size_t sizes[1000];
    size_t n;
};

static void *reuse_block(struct freed *freed, size_t size)
{
    for (size_t i = freed->n; i-- > 0;) {
        if (freed->sizes[i] == size) {
            void *block = freed->blocks[i];
            freed->n--;
            freed->blocks[i] = freed->blocks[freed->n];
            freed->sizes[i] = freed->sizes[freed->n];
            return block;
        }
    }
    return malloc(size);
}

static void *reusing_realloc(void *user, void *old, size_t old_size, size_t new_size)
{
    struct freed *freed = user;
    void *block = new_size ? reuse_block(freed, new_size) : NULL;
    if (old && block)
        memcpy(block, old, old_size < new_size ? old_size : new_size);
    if (old && (block || !new_size)) {
        assert_true(freed->n < sizeof freed->blocks / sizeof freed->blocks[0]);
        freed->blocks[freed->n] = old;
        freed->sizes[freed->n++] = old_size;
    }
    return block;
}

/* A long name is an object of its own each time it is made; another one may take its place. */
static void what_a_collected_name_meant_is_forgotten(void **state)
{
    (void)state;
    static struct freed freed;
    struct berry_host host = { .user = &freed, .realloc = reusing_realloc };
    struct berry *vm = berry_open(&host);
    expect_int(vm,
               "class A def aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa() return 1 end end\n"
               "o = A() return o.('a' * 50)()",
               1);
    berry_collect(vm);
    expect_int(vm,
               "var n = 0\n"
               "for i : 1..8 try o.('b' * 50)() except 'attribute_error' n += 1 end end return n",
               8);
    berry_close(vm);
    while (freed.n)
        free(freed.blocks[--freed.n]);
}

/* An exception caught many times in one frame leaves nothing behind. */
static void catching_for_ever_costs_nothing(void **state)
{
    (void)state;
    struct world w;
    struct berry_host host = host_of(&w);
    struct berry *vm = berry_open(&host);
    expect_int(vm,
               "def c() var n = 0 for i : 1..100000 try nil.x except .. n += 1 end end return n "
               "end return c()",
               100000);
    berry_collect(vm);
    size_t used = berry_heap_used(vm);
    expect_int(vm, "return c()", 100000);
    berry_collect(vm);
    assert_in_range(berry_heap_used(vm), 0, used + 200);
    berry_close(vm);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_go_in_and_come_back),
        cmocka_unit_test(several_vms_share_nothing),
        cmocka_unit_test(natives_are_tables),
        cmocka_unit_test(classes_carry_data_and_drop_it),
        cmocka_unit_test(pointers_are_opaque_and_checked),
        cmocka_unit_test(a_buffer_is_shared_with_the_host),
        cmocka_unit_test(kept_values_live),
        cmocka_unit_test(members_and_methods_by_name),
        cmocka_unit_test(an_uncaught_error_shows_where),
        cmocka_unit_test(a_traceback_outlives_the_text_of_its_error),
        cmocka_unit_test(a_long_traceback_is_cut_in_the_middle),
        cmocka_unit_test(a_syntax_error_has_no_traceback),
        cmocka_unit_test(named_globals_may_vanish),
        cmocka_unit_test(strict_can_be_the_hosts_wish),
        cmocka_unit_test(an_error_may_be_hard_to_print),
        cmocka_unit_test(an_exception_that_has_arrived_is_over),
        cmocka_unit_test(an_endless_loop_ends),
        cmocka_unit_test(the_budget_is_fresh_for_each_call),
        cmocka_unit_test(a_timeout_can_be_caught_once),
        cmocka_unit_test(a_memory_bomb_is_stopped),
        cmocka_unit_test(deep_recursion_is_stopped),
        cmocka_unit_test(the_clock_may_raise),
        cmocka_unit_test(long_natives_are_interrupted),
        cmocka_unit_test(nested_runs_share_the_budget),
        cmocka_unit_test(limits_may_be_huge),
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(memory_may_come_back),
        cmocka_unit_test(closing_runs_what_is_due),
        cmocka_unit_test(a_resurrected_object_stays_whole),
        cmocka_unit_test(what_a_collected_name_meant_is_forgotten),
        cmocka_unit_test(catching_for_ever_costs_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
