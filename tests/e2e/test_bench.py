#!/usr/bin/env python3
"""`mi32 bench` reports all its figures, and an advert asks for no memory. How fast it is depends on
the machine and is judged nowhere.

usage: test_bench.py MI32 REPOSITORY
"""
import json
import subprocess
import sys

FIGURES = {
    "foreign_ns", "mibeacon_plain_ns", "mibeacon_ccm_ns", "legacy_ns", "atc_ns", "pvvx_enc_ns",
    "bthome2_ns", "bthome2_enc_ns", "bare_ccm_ns", "registry_10_ns", "registry_1000_ns",
    "registry_10000_ns", "mqtt_median_ns", "mqtt_p99_ns",
    "allocations_per_advert", "meter_check",
}

run = subprocess.run([sys.argv[1], "bench", "--json"], capture_output=True, text=True, check=True)
figures = json.loads(run.stdout)
assert figures.keys() == FIGURES, figures.keys() ^ FIGURES
assert all(value > 0 for name, value in figures.items() if name.endswith("_ns")), figures
assert figures["meter_check"] == 1, "the meter does not see an allocation made on purpose"
assert figures["allocations_per_advert"] == 0, figures
print(f"ok {run.stdout.strip()}")
