#!/usr/bin/env python3
"""Shows that the walls hold: each way to break them is built once, in a tiny house, and has to be
reported; the same house unbroken has to pass.

    test_walls.py COMPILER
"""
import contextlib
import io
import os
import subprocess
import sys
import tempfile

import walls

FLOORS = os.path.join(os.path.dirname(os.path.abspath(__file__)), '../../cmake/floors.cmake')

HOUSE = {
    'src/base/CMakeLists.txt': 'mi32_room(base\n    SOURCES base.c)\n',
    'src/base/base.c': '#include "base/base.h"\n#include "own.h"\n#include <string.h>\n',
    'src/base/base.h': '', 'src/base/own.h': '',
    'src/crypto/CMakeLists.txt': 'mi32_room(crypto USES base)\n',
    'src/crypto/crypto.h': '#include "base/base.h"\n',
    'src/beacon/CMakeLists.txt': 'mi32_room(beacon\n  SOURCES beacon.c\n  USES base crypto)\n',
    'src/beacon/beacon.c': '#include "beacon/beacon_private.h"\n#include "crypto/crypto.h"\n',
    'src/beacon/beacon_private.h': '',
    'src/berry/CMakeLists.txt': 'mi32_room(berry SOURCES vm.c USES base)\n',
    'src/berry/vm.c': '#include "base/base.h"\n',
    'src/registry/CMakeLists.txt': 'mi32_room(registry SOURCES registry.c USES base beacon)\n',
    'src/registry/registry.c': '#include "beacon/beacon.h"\n',
    'src/settings/CMakeLists.txt': 'mi32_room(settings SOURCES settings.c USES base)\n',
    'src/settings/settings.c': '#include "base/base.h"\n',
    'ports/linux/loop.c': '#include "loop.h"\n#include "base/base.h"\n#include <sys/socket.h>\n',
    'ports/linux/loop.h': '', 'ports/sim/sim.h': '',
    'apps/mi32/main.c': '#include "registry/registry.h"\n#include "linux/loop.h"\n',
    'tests/unit/beacon/test.c': '#include "beacon/beacon_private.h"\n',
}

# what is broken, the file, its content, what has to be reported
BROKEN = [
    ('an include points up', 'src/beacon/beacon.c', '\n#include "registry/registry.h"\n',
     'src/beacon/beacon.c:2: "registry/registry.h": beacon (floor 1) does not stand above registry'),
    ('an include points sideways', 'src/registry/registry.c', '#include "settings/settings.h"\n',
     'src/registry/registry.c:1: "settings/settings.h": registry (floor 2) does not stand above'),
    ('an include is not in USES', 'src/registry/registry.c', '#include "crypto/crypto.h"\n',
     'src/registry/registry.c:1: "crypto/crypto.h": the USES of registry do not name crypto'),
    ('USES points up', 'src/base/CMakeLists.txt', 'mi32_room(base SOURCES base.c USES beacon)\n',
     'src/base/CMakeLists.txt: USES beacon: base (floor 0) does not stand above'),
    ('USES points sideways', 'src/beacon/CMakeLists.txt',
     'mi32_room(beacon SOURCES beacon.c USES base crypto berry)\n', 'USES berry: beacon (floor 1)'),
    ('USES names no room', 'src/beacon/CMakeLists.txt',
     'mi32_room(beacon SOURCES beacon.c USES base crypto cellar)\n', 'USES cellar: there is no'),
    ('USES names a room for others', 'src/registry/CMakeLists.txt',
     'mi32_room(registry SOURCES registry.c USES base beacon berry)\n',
     'USES berry: that room is not for registry'),
    ('a system header in src', 'src/base/base.c', '#include <unistd.h>\n',
     'src/base/base.c:1: <unistd.h>: src is portable'),
    ('the clock in src', 'src/base/base.c', '#  include <time.h>\n', '<time.h>: src is portable'),
    ('a private header of another room', 'src/registry/registry.c',
     '#include "beacon/beacon_private.h"\n', '"beacon/beacon_private.h" is private to its room'),
    ('an app reads a private header', 'apps/mi32/main.c', '#include "beacon/beacon_private.h"\n',
     'apps/mi32/main.c:1: "beacon/beacon_private.h" is private'),
    ('a test reads a private header of another room', 'tests/unit/registry/test.c',
     '#include "beacon/beacon_private.h"\n', 'tests/unit/registry/test.c:1:'),
    ('an include climbs out', 'src/beacon/beacon.c', '#include "../base/own.h"\n', 'climbs out'),
    ('src sees a port', 'src/registry/registry.c', '#include "linux/loop.h"\n',
     '"linux/loop.h": linux is no room of src'),
    ('a port sees the registry', 'ports/linux/loop.c', '#include "registry/registry.h"\n',
     'ports/linux/loop.c:1: "registry/registry.h": ports see att, base, bearer, capture, crypto, files, port only'),
    ('a port sees another port', 'ports/linux/loop.c', '#include "sim/sim.h"\n',
     'ports/linux/loop.c:1: "sim/sim.h" belongs to another port'),
    ('a room on no floor', 'src/cellar/cellar.c', '', 'src/cellar: no floor'),
    ('a room without a statement', 'src/relay/relay.c', '', 'no mi32_room statement'),
    ('a source that nobody builds', 'src/base/more.c', '', 'more.c is not among the SOURCES'),
    ('a file that is not there', 'src/base/base.c', '#include "gone.h"\n', 'is not in this room'),
]

OBJECTS = [
    ('constants and local variables pass', '''
        #include <string.h>
        static const int table[] = { 1, 2 };
        static const char *const names[] = { "a", "b" };
        const char *name(int i); const char *name(int i) { return names[table[i & 1]]; }''', None),
    ('a counter', 'static int hits; int hit(void); int hit(void) { return ++hits; }',
     'hits is data that can change'),
    ('a cache with a value', 'int last = 7;', 'last is data that can change'),
    ('a static inside a function', 'int n(void); int n(void) { static int k = 3; return k++; }',
     'is data that can change'),
    ('one per thread', '_Thread_local int mine;', 'mine is data that can change'),
    ('the clock', '#include <time.h>\nlong now(void); long now(void) { return (long)time(0); }',
     'time() is a call into a system'),
    ('a file', '#include <stdio.h>\nvoid *f(void); void *f(void) { return fopen("x", "r"); }',
     'fopen() is a call into a system'),
]


def run(*args):
    """What walls.py with these arguments answers: exit status and text"""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        status = walls.main(list(args))
    return status, said.getvalue()


def build(folder, files):
    for name, text in files.items():
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'w') as f:
            f.write(text)


def judge_house(changes):
    with tempfile.TemporaryDirectory() as folder:
        with open(FLOORS) as f:
            build(folder, {'cmake/floors.cmake': f.read(), **HOUSE, **changes})
        return run(folder)


def judge_object(compiler, text):
    with tempfile.TemporaryDirectory() as folder:
        build(folder, {'x.c': text})
        subprocess.run([compiler, '-std=c11', '-fPIE', '-fdata-sections', '-O1', '-c', 'x.c'],
                       cwd=folder, check=True)
        subprocess.run(['ar', 'rc', 'libx.a', 'x.o'], cwd=folder, check=True)
        return run('--objects', os.path.join(folder, 'libx.a'))


def main(compiler):
    bad = 0

    def expect(what, answer, want):
        nonlocal bad
        status, text = answer
        good = status == 0 and not want or status == 1 and want and want in text
        if not good:
            bad += 1
            print('NOT AS EXPECTED: %s: wanted %r, got %d:\n%s' % (what, want, status, text))

    expect('the unbroken house', judge_house({}), None)
    for what, name, text, want in BROKEN:
        expect(what, judge_house({name: text}), want)
    for what, text, want in OBJECTS:
        expect(what, judge_object(compiler, text), want)
    print('%d cases, %d not as expected' % (1 + len(BROKEN) + len(OBJECTS), bad))
    return 1 if bad else 0


sys.exit(main(sys.argv[1]))
