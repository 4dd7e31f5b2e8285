#!/usr/bin/env python3
"""The walls of the house: holds every #include line to the floors of cmake/floors.cmake.

    walls.py [TREE]                 the sources: includes, USES, lists of sources
    walls.py --objects LIB.a...     what src was compiled to: no mutable data, no system calls

Each violation is one line, `file:line: what is wrong`; with one or more the exit status is 1.
"""
import os
import re
import subprocess
import sys

# The part of the C library that needs no system below it, and the JSON reader every target has.
SRC_HEADERS = {
    'assert.h', 'ctype.h', 'errno.h', 'float.h', 'inttypes.h', 'iso646.h', 'limits.h', 'math.h',
    'setjmp.h', 'stdalign.h', 'stdarg.h', 'stdbool.h', 'stddef.h', 'stdint.h', 'stdio.h',
    'stdlib.h', 'stdnoreturn.h', 'string.h', 'cjson/cJSON.h',
}
# What those headers declare and a portable core may all the same not call.
SYSTEM_CALLS = set('''
    fopen freopen fdopen fclose fread fwrite fgets fgetc getc getchar fputs fputc putc putchar puts
    printf fprintf vprintf vfprintf scanf fscanf perror remove rename tmpfile stdout stderr stdin
    time clock localtime gmtime mktime strftime gettimeofday clock_gettime nanosleep sleep usleep
    getenv setenv putenv system exit _exit atexit rand srand random srandom signal raise setlocale
    open close read write socket send recv poll select malloc_trim pthread_create
'''.split())

INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')


def read(path):
    with open(path, encoding='utf-8', errors='replace') as f:
        return f.read()


def statements(path, name):
    """The argument words of each `name(...)` in a CMake file."""
    text = re.sub(r'#[^\n]*', '', read(path))
    return [m.split() for m in re.findall(r'\b%s\s*\(([^)]*)\)' % name, text)]


def keyword_lists(words, keywords):
    """['SOURCES', 'a.c', 'USES', 'b'] -> {'SOURCES': ['a.c'], 'USES': ['b']}"""
    out, at = {k: [] for k in keywords}, None
    for word in words:
        if word in keywords:
            at = word
        elif at:
            out[at].append(word)
    return out


class House:
    def __init__(self, tree):
        self.tree = tree
        self.found = []
        self.floor, self.only, self.for_ports = {}, {}, set()
        for words in statements(os.path.join(tree, 'cmake/floors.cmake'), 'set'):
            if words[0].startswith('MI32_FLOOR_'):
                for room in words[1:]:
                    self.floor[room] = int(words[0][len('MI32_FLOOR_'):])
            elif words[0].startswith('MI32_ONLY_'):
                self.only[words[0][len('MI32_ONLY_'):]] = words[1:]
            elif words[0] == 'MI32_FOR_PORTS':
                self.for_ports = set(words[1:])
        self.ports = set(self.folders('ports'))
        self.uses = {}

    def folders(self, below):
        path = os.path.join(self.tree, below)
        if not os.path.isdir(path):
            return []
        return sorted(d for d in os.listdir(path) if os.path.isdir(os.path.join(path, d)))

    def files(self, below, ends=('.c', '.h')):
        for path, _, names in os.walk(os.path.join(self.tree, below)):
            for name in sorted(names):
                if name.endswith(ends):
                    yield os.path.relpath(os.path.join(path, name), self.tree)

    def wrong(self, where, what):
        self.found.append('%s: %s' % (where, what))

    def points_down(self, room, used):
        if used == 'base' and room in ('port', 'crypto'):
            return True
        return self.floor[used] < self.floor[room]

    # ---- the statements of src/*/CMakeLists.txt ----

    def check_rooms(self):
        for room in self.folders('src'):
            where = 'src/%s/CMakeLists.txt' % room
            if room not in self.floor:
                self.wrong('src/' + room, 'no floor of cmake/floors.cmake has this room')
                continue
            path = os.path.join(self.tree, where)
            rows = statements(path, 'mi32_room') if os.path.exists(path) else []
            if not rows:    # a contract that landed before its code: held to its floor alone
                self.uses[room] = [r for r in self.floor if r != room and self.points_down(room, r)]
                if any(f.endswith('.c') for f in self.files('src/' + room)):
                    self.wrong(where, 'the room has code and no mi32_room statement')
                continue
            if len(rows) > 1 or rows[0][0] != room:
                self.wrong(where, 'one statement mi32_room(%s ...) is expected' % room)
            row = keyword_lists(rows[0][1:], ('SOURCES', 'USES', 'LIBS'))
            self.uses[room] = row['USES']
            self.check_uses(where, room)
            self.check_sources(where, room, row['SOURCES'])

    def check_uses(self, where, room):
        for used in self.uses[room]:
            if used not in self.floor:
                self.wrong(where, 'USES %s: there is no such room' % used)
            elif not self.points_down(room, used):
                self.wrong(where, 'USES %s: %s (floor %d) does not stand above it (floor %d)'
                           % (used, room, self.floor[room], self.floor[used]))
            elif used in self.only and room not in self.only[used]:
                self.wrong(where, 'USES %s: that room is not for %s' % (used, room))

    def check_sources(self, where, room, sources):
        on_disk = {os.path.relpath(f, 'src/' + room) for f in self.files('src/' + room)}
        for f in sorted(on_disk - set(sources)):
            if f.endswith('.c'):
                self.wrong(where, '%s is not among the SOURCES' % f)

    # ---- #include lines ----

    def includes(self, path):
        for n, line in enumerate(read(os.path.join(self.tree, path)).split('\n'), 1):
            m = INCLUDE.match(line)
            if m:
                yield '%s:%d' % (path, n), m.group(1), m.group(2)

    def check_private(self, where, name, own):
        head, base = os.path.split(name)
        if base.endswith('_private.h') and head and head.split('/')[0] != own:
            self.wrong(where, '"%s" is private to its room' % name)

    def check_src(self):
        for room in self.uses:
            for path in self.files('src/' + room):
                for where, quoted, system in self.includes(path):
                    if system and system not in SRC_HEADERS:
                        self.wrong(where, '<%s>: src is portable, this header is not' % system)
                    elif quoted:
                        self.check_quoted(where, room, path, quoted)

    def check_quoted(self, where, room, path, name):
        first = name.split('/')[0]
        if '..' in name.split('/'):
            self.wrong(where, '"%s" climbs out of its folder' % name)
        elif '/' not in name:
            if not os.path.exists(os.path.join(self.tree, os.path.dirname(path), name)):
                self.wrong(where, '"%s" is not in this room' % name)
        elif first not in self.floor:
            self.wrong(where, '"%s": %s is no room of src' % (name, first))
        elif first != room and not self.points_down(room, first):
            self.wrong(where, '"%s": %s (floor %d) does not stand above %s (floor %d)'
                       % (name, room, self.floor[room], first, self.floor[first]))
        elif first != room and first not in self.uses[room]:
            self.wrong(where, '"%s": the USES of %s do not name %s' % (name, room, first))
        self.check_private(where, name, room)

    def check_ports(self):
        for port in sorted(self.ports):
            for path in self.files('ports/' + port):
                for where, quoted, _ in self.includes(path):
                    if quoted and '/' in quoted:
                        self.check_port_include(where, port, quoted)

    def check_port_include(self, where, port, name):
        parts = [p for p in name.split('/') if p != 'ports']
        if '..' in parts:
            self.wrong(where, '"%s" climbs out of its folder' % name)
        elif parts[0] in self.floor and parts[0] not in self.for_ports and parts[0] != port:
            self.wrong(where, '"%s": ports see %s only' % (name, ', '.join(sorted(self.for_ports))))
        elif parts[0] in self.ports - self.for_ports and parts[0] != port:
            self.wrong(where, '"%s" belongs to another port' % name)
        self.check_private(where, name, port)

    def check_users(self, below):
        """apps and tests see every room and every port, but nobody's private headers: except the
        tests of a room, tests/.../ROOM/, that room's own."""
        for path in self.files(below):
            own = set(path.split('/')[1:-1])
            for where, quoted, _ in self.includes(path):
                if quoted and '/' in quoted and quoted.split('/')[0] not in own:
                    self.check_private(where, quoted, None)

    def check(self):
        self.check_rooms()
        self.check_src()
        self.check_ports()
        self.check_users('apps')
        self.check_users('tests')
        return self.found


# ---- objects ----

def check_objects(libraries):
    """Data that can change, and calls into a system, in the compiled rooms."""
    found = []
    for lib in libraries:
        out = subprocess.run(['objdump', '-t', lib], check=True, text=True, capture_output=True).stdout
        name = os.path.basename(lib)
        member = '?'
        for line in out.split('\n'):
            if 'file format' in line:
                member = line.split(':')[0]
            m = re.match(r'[0-9a-f]+ (.{7}) (\S+)\s+([0-9a-f]+)\s+(?:\.hidden )?(\S+)$', line)
            if not m:
                continue
            flags, section, size, symbol = m.groups()
            where = '%s(%s)' % (name, member)
            mutable = (re.match(r'\.(data|bss|tdata|tbss)\b|\*COM\*', section)
                       and not section.startswith('.data.rel.ro'))
            if mutable and 'd' not in flags and int(size, 16) > 0:
                found.append('%s: %s is data that can change' % (where, symbol))
            symbol = re.sub(r'^__(\w+)_chk$', r'\1', symbol)     # what Ubuntu's compiler makes of it
            if section == '*UND*' and symbol in SYSTEM_CALLS:
                found.append('%s: %s() is a call into a system' % (where, symbol))
    return found


def main(args):
    if args[:1] == ['--objects']:
        if len(args) == 1:
            sys.exit('walls.py: no libraries to look at')
        found, what = check_objects(args[1:]), '%d libraries' % (len(args) - 1)
    else:
        house = House(args[0] if args else '.')
        found, what = house.check(), '%d rooms, %d ports' % (len(house.uses), len(house.ports))
    for line in found:
        print(line)
    print('walls: %s, %d violations' % (what, len(found)))
    return 1 if found else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
