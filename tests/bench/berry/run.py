#!/usr/bin/env python3
"""Berry beside Lua 5.4, in the same run: the programs of this folder, and the start of an empty script.

    run.py PROGRAM LIBRARY [--runs N]

PROGRAM is mi32 (used as `mi32 berry FILE`), LIBRARY its libmi32_berry.a, for the runner of
src/berry/README.md. Each figure is the best of N runs (default 7), in CPU time; both languages must
print the same. Exit status 1 when a program fails or prints something else; the aims (geometric mean at
most 1.5, no program over 2.5, start below 3 MB and no slower than Lua) are printed, not enforced:
a busy machine is no defect of the program.
"""
import glob
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
README = os.path.join(HERE, '../../../src/berry/README.md')
SOURCES = os.path.join(HERE, '../../../src')


def run(command):
    """What it printed, and its CPU seconds."""
    with tempfile.TemporaryFile() as out:
        pid = os.posix_spawnp(command[0], command, os.environ,
                              file_actions=[(os.POSIX_SPAWN_DUP2, out.fileno(), 1)])
        _, status, usage = os.wait4(pid, 0)
        out.seek(0)
        if status != 0:
            sys.exit('failed: ' + ' '.join(command))
        return out.read(), usage.ru_utime + usage.ru_stime


def best(command, runs):
    results = [run(command) for _ in range(runs)]
    return results[0][0], min(r[1] for r in results)


def build_runner(folder, library):
    """The interpreter that src/berry/README.md shows."""
    with open(README, encoding='utf-8') as f:
        code = re.search(r'^```c\n(.*?)^```', f.read(), re.M | re.S).group(1)
    source, program = os.path.join(folder, 'runner.c'), os.path.join(folder, 'runner')
    with open(source, 'w', encoding='utf-8') as f:
        f.write(code)
    subprocess.run(['cc', '-std=c11', '-O2', '-I', SOURCES, source, library, '-lm', '-o', program],
                   check=True)
    return program


def start(folder, command):
    """CPU milliseconds and resident kilobytes of one start, the best of many."""
    measure = os.path.join(folder, 'measure')
    if not os.path.exists(measure):
        subprocess.run(['cc', '-O2', os.path.join(HERE, 'measure.c'), '-o', measure], check=True)
    out = subprocess.run([measure, '200'] + command, check=True, capture_output=True, text=True)
    microseconds, kilobytes = out.stdout.split()
    return int(microseconds) / 1000, int(kilobytes)


def main(args):
    runs = 7
    if '--runs' in args:
        at = args.index('--runs')
        runs = int(args[at + 1])
        del args[at:at + 2]
    program, library = args
    lua = shutil.which('lua5.4')
    if not lua:
        print('Berry: lua5.4 is not installed, nothing to measure against')
        return 0
    print('Berry: CPU ms       Berry     Lua   ratio')
    ratios, wrong = [], False
    for path in sorted(glob.glob(os.path.join(HERE, '*.be'))):
        name = os.path.basename(path)[:-3]
        ours, our_time = best([program, 'berry', path], runs)
        theirs, their_time = best([lua, path[:-3] + '.lua'], runs)
        same = ours == theirs
        wrong = wrong or not same
        ratios.append(our_time / their_time)
        print('  %-14s %9.1f %7.1f   %5.2f%s' % (name, our_time * 1e3, their_time * 1e3, ratios[-1],
                                               '' if same else '   DIFFERENT OUTPUT'))
    mean = math.exp(sum(map(math.log, ratios)) / len(ratios))
    print('  geometric mean                     %5.2f   (aim: at most 1.50; highest %.2f, aim 2.50)'
          % (mean, max(ratios)))
    with tempfile.TemporaryDirectory() as folder:
        runner, empty = build_runner(folder, library), os.path.join(folder, 'empty')
        open(empty, 'w').close()
        our_time, our_memory = start(folder, [runner, empty])
        their_time, their_memory = start(folder, [lua, empty])
    print('  empty script   %9.2f %7.2f   %5.2f   %d kB resident, Lua %d kB (aim: below 3072)'
          % (our_time, their_time, our_time / their_time, our_memory, their_memory))
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
