#!/usr/bin/env python3
"""run.py [-j NUMBER] [-s SUITE]... BUILD [GROUP[/NAME]...]: the program on real kernels.

Boots Debian's kernel of each suite (default: bookworm and trixie) in QEMU and runs the scenarios in
it, those of one group (a folder in scenarios) in one machine. BUILD is a build folder with tests.
Prints a line for each scenario, what a failed one printed, and last `N passed, N failed`. All that
the machines print is kept in BUILD/vm.
"""
import argparse
import concurrent.futures
import os
import pathlib
import platform
import re
import socket
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
SUITES = {"bookworm": (2, 36), "trixie": (2, 41)}  # and their C library
SLOW = ["watchdog", "load", "gatt"]  # groups to begin with, so that all end early
LIMIT_S = 3600  # a machine; a scenario has its own limit in guest/group
RESULT = re.compile(r"^@@ (ok|failed|skipped) (\S+) (\d+)$")


def scenarios(wanted):
    """Names by group, of all scenarios or those that `wanted` begins to name."""
    groups = {}
    for path in sorted((HERE / "scenarios").glob("*/*.sh")):
        name = f"{path.parent.name}/{path.stem}"
        if not wanted or any(name == w or name.startswith(w + "/") for w in wanted):
            groups.setdefault(path.parent.name, []).append(name)
    return groups


def hold_port():
    """A port that nobody else is given while this socket is open; QEMU, who asks for it by number
    and shares it, gets it."""
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind(("127.0.0.1", 0))
    return held


def can_run_on(suite):
    """Whether what was built here runs there: the C library must not be older."""
    name, version = platform.libc_ver()
    return name != "glibc" or tuple(map(int, version.split("."))) <= SUITES[suite]


def has_archive():
    """Whether this machine knows an archive of Debian's to take kernels from."""
    sources = subprocess.run(["apt-get", "indextargets", "--format", "$(REPO_URI)",
                              "Created-By: Packages"], stdout=subprocess.PIPE, text=True, check=True)
    return any(line.rstrip("/").endswith("/debian") for line in sources.stdout.splitlines())


class Machine:
    """One boot: a group of scenarios on the kernel of a suite."""

    def __init__(self, build, programs, suite, group, names):
        self.suite, self.group, self.names = suite, group, names
        self.programs = programs
        self.log = build / "vm" / f"{suite}-{group}.log"
        self.helper = HERE / "scenarios" / f"{group}.py"  # the group's part on the host

    def run(self):
        """The result lines, in order; what a failed scenario printed comes before its line."""
        with hold_port() as held:
            return self._run_with(held.getsockname()[1])

    def _run_with(self, port):
        options = [o for p in self.programs for o in ("-b", str(p))]
        if self.helper.exists():
            options += ["-p", f"{port}:9000"]
        with subprocess.Popen([sys.executable, self.helper, str(port)] if self.helper.exists()
                              else ["true"]) as helper:
            with open(self.log, "wb") as log:
                subprocess.run([HERE / "vm-run", "-s", self.suite, "-t", str(LIMIT_S), *options,
                                "--", "sh", "/vm/group", *self.names],
                               stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=False)
            helper.terminate()
        return self._results(self.log.read_text(errors="replace"))

    def _results(self, text):
        found, pending = {}, []
        for line in text.splitlines():
            match = RESULT.match(line)
            if not match:
                pending.append(line)
                continue
            found[match[2]] = (match[1], int(match[3]), pending)
            pending = []
        for name in self.names:  # a machine that died has not come to the rest
            found.setdefault(name, ("failed", 0, pending[-60:]))
            pending = [] if found[name][0] == "failed" else pending
        return [(name, *found[name]) for name in self.names]


def report(machine, counts, skipped):
    for name, result, seconds, lines in machine.run():
        counts[result] += 1
        title = f"{machine.suite} {name}"
        if result == "failed":
            print("\n".join(f"    {line}" for line in lines))
        if result == "skipped":
            why = [line[len("NOT RUN: "):] for line in lines if line.startswith("NOT RUN: ")]
            skipped.append(f"{title} ({', '.join(why)})")
        else:
            print(f"{'FAILED' if result == 'failed' else 'ok':7} {title:42} {seconds:4} s",
                  flush=True)


def build_peers(build):
    peers = build / "vm" / "peers"
    subprocess.run(["make", "-s", "-C", HERE / "peers", f"OUT={peers}"], check=True)
    return sorted(p for p in peers.iterdir() if os.access(p, os.X_OK))


def build_for_libgpiod2(build):
    """gpio_probe as on Debian 13, or nothing and why not."""
    out = build / "vm" / "libgpiod2"
    done = subprocess.run([HERE / "libgpiod2.sh", out], stdout=subprocess.PIPE, text=True,
                          check=False)
    if done.returncode == 77:
        return [], done.stdout.strip().removeprefix("NOT RUN: ")
    done.check_returncode()
    return [out / "gpio_probe"], None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("-j", type=int, default=4, help="machines at the same time; most wait")
    parser.add_argument("-s", action="append", dest="suites", choices=SUITES)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    build = options.build.resolve()
    programs = [build / "mi32", build / "tests/vm/gatt_probe", *build_peers(build)]
    probes = {suite: [build / "tests/vm/gpio_probe"] for suite in SUITES}
    groups = scenarios(options.names)
    order = sorted(groups, key=lambda group: SLOW.index(group) if group in SLOW else len(SLOW))
    skipped, counts = [], {"ok": 0, "failed": 0, "skipped": 0}
    suites = options.suites or list(SUITES)
    if not has_archive():
        print("not run: kernels (no archive of Debian is configured here)\n0 passed, 0 failed")
        return 0
    for suite in [s for s in suites if not can_run_on(s)]:
        skipped.append(f"{suite} (its C library is older than this machine's)")
        suites.remove(suite)
    if "gpio" in groups and "trixie" in suites:
        probes["trixie"], why = build_for_libgpiod2(build)
        if why:
            skipped.append(f"trixie gpio/libgpiod ({why})")
    machines = [Machine(build, programs + probes[suite], suite, group, groups[group])
                for group in order for suite in suites]
    with concurrent.futures.ThreadPoolExecutor(options.j) as pool:
        for _ in pool.map(lambda machine: report(machine, counts, skipped), machines):
            pass
    for text in skipped:
        print(f"not run: {text}")
    print(f"{counts['ok']} passed, {counts['failed']} failed")
    return counts["failed"] > 0 or counts["ok"] == 0


if __name__ == "__main__":
    sys.exit(main())
