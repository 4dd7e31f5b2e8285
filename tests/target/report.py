#!/usr/bin/env python3
"""What the rooms cost on a small target: flash, RAM, and the deepest stack below any function.

    report.py rv32|lx106 BUILD_FOLDER

Flash is code and constants of the room's library before unused parts are dropped, RAM its static
data (a room has none: its memory is its caller's). The stack is worked out from the compiler's call
graph, libraries included. Marks: '*' a call through a pointer, which is not followed; '?' the C
library, whose frames are not known; 'R' recursion, each function counted once; 'D' a frame of
dynamic size. Below stands what the tests really reached, cmocka and the tests' own frames included;
it needs a run of ctest first.
"""
import glob
import os
import re
import subprocess
import sys

PREFIX = {'rv32': 'riscv64-unknown-elf-', 'lx106': 'xtensa-lx106-elf-'}
NODE = re.compile(r'node: \{ title: "([^"]*)" label: "([^"]*)"')
EDGE = re.compile(r'edge: \{ sourcename: "([^"]*)" targetname: "([^"]*)"')
SIZE = re.compile(r'(\d+) bytes \(([a-z,]+)\)')
REACHED = re.compile(r'target: stack (\d+) of \d+ bytes, heap (\d+) of')


class CallGraph:
    def __init__(self, files):
        self.frame, self.dynamic, self.calls, self.home = {}, set(), {}, {}
        for name in files:
            with open(name) as f:
                for line in f:
                    self.read(line, name)
        self.memo, self.ring = {}, None
        sys.setrecursionlimit(10000)

    def read(self, line, name):
        node, edge = NODE.match(line), EDGE.match(line)
        size = node and SIZE.search(node.group(2))
        if size:
            self.frame[node.group(1)] = int(size.group(1))
            self.home.setdefault(name, []).append(node.group(1))
            if size.group(2) == 'dynamic':
                self.dynamic.add(node.group(1))
        elif edge:
            self.calls.setdefault(edge.group(1), set()).add(edge.group(2))

    def callees(self, fn):
        return sorted(self.calls.get(fn, ()))

    def cycles(self):
        """function -> the set of functions that call each other in a ring with it (Tarjan)"""
        number, low, stack, ring = {}, {}, [], {}

        def visit(fn):
            number[fn] = low[fn] = len(number)
            stack.append(fn)
            for callee in self.callees(fn):
                if callee not in self.frame:
                    continue
                if callee not in number:
                    visit(callee)
                    low[fn] = min(low[fn], low[callee])
                elif callee not in ring:
                    low[fn] = min(low[fn], number[callee])
            if low[fn] == number[fn]:
                members = set(stack[stack.index(fn):])
                del stack[stack.index(fn):]
                for member in members:
                    ring[member] = members

        for fn in sorted(self.frame):
            if fn not in number:
                visit(fn)
        return ring

    def below(self, fn):
        """(bytes, chain, marks) of the deepest chain from fn down"""
        if fn == '__indirect_call':
            return 0, [], {'*'}
        if fn not in self.frame:
            return 0, [fn], {'?'}
        if self.ring is None:
            self.ring = self.cycles()
        members = self.ring[fn]
        first = min(members)
        if first not in self.memo:
            self.memo[first] = self.below_ring(members)
        depth, chain, marks = self.memo[first]
        return depth, [fn] + chain, marks

    def below_ring(self, members):
        """what lies below a ring of functions: each of them counts once"""
        marks = {'D'} if members & self.dynamic else set()
        best, chain = 0, []
        for fn in sorted(members):
            for callee in self.callees(fn):
                if callee in members:
                    marks.add('R')
                    continue
                depth, names, more = self.below(callee)
                marks |= more
                if depth > best:
                    best, chain = depth, names
        return sum(self.frame[fn] for fn in members) + best, chain, marks


def short(fn):  # a static function's title is file:name
    return fn.rsplit(':', 1)[-1]


def sizes(tool, lib):
    """(flash, RAM) of an archive"""
    out = subprocess.run([tool + 'size', '-t', lib], check=True, text=True, capture_output=True)
    text, data, bss = [int(n) for n in out.stdout.strip().split('\n')[-1].split()[:3]]
    return text + data, data + bss


def rooms(tool, build):
    graph = CallGraph(glob.glob(build + '/**/*.ci', recursive=True))
    print('%-16s %8s %6s %6s      %s' % ('', 'flash', 'RAM', 'stack', 'deepest chain'))
    for lib in sorted(glob.glob(build + '/**/libmi32_*.a', recursive=True)):
        name = os.path.basename(lib)[len('libmi32_'):-2]
        objects = '%s/CMakeFiles/mi32_%s.dir/' % (os.path.dirname(lib), name)
        functions = [fn for ci, fns in graph.home.items() if ci.startswith(objects) for fn in fns]
        deepest = max((graph.below(fn) for fn in functions), default=(0, [], set()),
                      key=lambda d: d[0])
        print('%-16s %8d %6d %6d %-4s %s' % (name, *sizes(tool, lib), deepest[0],
                                             ''.join(sorted(deepest[2])),
                                             ' > '.join(short(c) for c in deepest[1][:6])))


def tests(build):
    log = build + '/Testing/Temporary/LastTest.log'
    if not os.path.exists(log):
        sys.exit('report.py: run ctest first')
    print('\n%-32s %8s %8s' % ('reached by', 'stack', 'heap'))
    name, seen = '?', 0
    with open(log, errors='replace') as f:
        for line in f:
            start = re.match(r'\d+/\d+ Testing: (\S+)', line)
            reached = REACHED.search(line)
            if start:
                name = start.group(1)
            elif reached and name.startswith('unit/'):
                print('%-32s %8s %8s' % (name, *reached.groups()))
                seen += 1
    if seen == 0:
        sys.exit('report.py: no test has reported')


rooms(PREFIX[sys.argv[1]], sys.argv[2])
tests(sys.argv[2])
