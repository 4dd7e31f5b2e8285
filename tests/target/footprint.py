#!/usr/bin/env python3
"""The flash that rooms take together, linked whole for a small target.

    footprint.py MAP LIMIT ROOM...

Reads the linker's map: code and constants of each room's library as they lie in the program, calls
already shortened by the linker. LIMIT bytes or more fail.
"""
import re
import sys

PLACED = re.compile(r' (?:\.\S+)?\s+0x([0-9a-f]+)\s+0x([0-9a-f]+) \S*/libmi32_(\w+)\.a\(')
SECTION = re.compile(r' \.(text|rodata|srodata|data|sdata)\b')


def flash(path, rooms):
    """room -> bytes"""
    with open(path) as f:
        lines = f.read().split('Linker script and memory map')[1].splitlines()
    taken = dict.fromkeys(rooms, 0)
    for i, line in enumerate(lines):
        placed = PLACED.match(line)
        name = SECTION.match(line) or SECTION.match(lines[i - 1])
        if placed and name and int(placed.group(1), 16) and placed.group(3) in taken:
            taken[placed.group(3)] += int(placed.group(2), 16)
    return taken


path, limit, rooms = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
taken = flash(path, rooms)
print(f"{' + '.join(f'{room} {n}' for room, n in taken.items())} = {sum(taken.values())} bytes of "
      f'flash, limit {limit}')
if min(taken.values()) == 0 or sum(taken.values()) >= limit:
    sys.exit('footprint.py: too much, or a room is not there')
