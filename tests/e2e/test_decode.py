#!/usr/bin/env python3
"""`mi32 decode` gives for every vector the expected fields or the expected refusal.

usage: test_decode.py MI32 REPOSITORY

Comparing is as docs/testing.md says: every member of `expect` must be there and equal, numbers
within 0.0001 * max(1, |value|), a truth value only the same; `absent: NAME` must not be reported,
`outcome_not: X` is any other outcome; with an outcome other than ok no measured field is reported.
Each line is judged with fresh state; the demo house's capture takes its keys from its mi32cfg.
"""
import json
import pathlib
import re
import subprocess
import sys

# What the frame says about itself; everything else that is reported is measured.
FRAME_FIELDS = {
    "name", "mac", "rssi", "outcome", "format", "model", "product_id", "version", "encrypted",
    "frame_counter", "ext_counter", "counter", "packet_id", "capability", "trigger_based",
    "unknown_objects", "truncated", "unbound",
}

# Lines that cannot be met, with the reason: file, name -> why.
CANNOT_BE_MET = {}


def equal(want, got):
    if isinstance(want, bool) or isinstance(got, bool):
        return want is got
    if isinstance(want, (int, float)) and isinstance(got, (int, float)):
        return abs(want - got) <= 0.0001 * max(1, abs(want))
    return want == got


def differences(expect, got):
    for name, want in expect.items():
        if name == "absent":
            for absent in [want] if isinstance(want, str) else want:
                if absent in got:
                    yield f"{absent} is reported"
        elif name == "outcome_not":
            if got["outcome"] == want:
                yield f"outcome is {want}"
        elif name not in got:
            yield f"{name} is missing, expected {want!r}"
        elif not equal(want, got[name]):
            yield f"{name} is {got[name]!r}, expected {want!r}"
    if got["outcome"] != "ok":
        for name in got.keys() - FRAME_FIELDS:
            yield f"{name} is reported with outcome {got['outcome']}"


def check_file(mi32, path, options):
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    run = subprocess.run([mi32, "decode", *options, path], capture_output=True, text=True)
    outputs = [json.loads(line) for line in run.stdout.splitlines()]
    assert run.returncode == 0, f"{path}: exit code {run.returncode}: {run.stderr}"
    assert len(outputs) == len(lines), f"{path}: {len(outputs)} lines for {len(lines)}"
    failed = 0
    for line, got in zip(lines, outputs):
        if (path.name, line["name"]) in CANNOT_BE_MET:
            continue
        assert got["name"] == line["name"], "out of order"
        for difference in differences(line["expect"], got):
            print(f"{path.name}: {line['name']}: {difference}\n    {json.dumps(got)}")
            failed += 1
    return len(lines), failed


# What the demo house has to show, as (format, encrypted, a field); an outcome stands for itself.
IN_THE_DEMO = (
    ("mibeacon", False, "temperature_c"), ("mibeacon", True, "temperature_c"), "no_key",
    ("mibeacon", False, "button"), ("mibeacon", True, "motion"), ("mibeacon", True, "door"),
    ("mibeacon", True, "leak"), ("mibeacon-legacy", True, "steps"),
    ("mibeacon", False, "moisture_pct"), ("mibeacon", False, "conductivity_us_cm"),
    ("miscale2", False, "weight_kg"), ("atc1441", False, "battery_pct"),
    ("pvvx", False, "humidity_pct"), ("pvvx-enc", True, "humidity_pct"),
    ("bthome1", False, "battery_pct"), ("bthome2", False, "event"),
    ("bthome2-enc", True, "co2_ppm"), ("qingping", False, "pressure_hpa"),
)


def check_demo(mi32, demo):
    """Around 20 sensors of different formats over some minutes."""
    run = subprocess.run([mi32, "decode", "--keys", demo / "mi32cfg", demo / "demo.jsonl"],
                         capture_output=True, text=True, check=True)
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    for wanted in IN_THE_DEMO:
        if isinstance(wanted, str):
            assert any(l["outcome"] == wanted for l in lines), wanted
            continue
        style, encrypted, field = wanted
        assert any(l["outcome"] == "ok" and l["format"] == style and l["encrypted"] == encrypted
                   and field in l for l in lines), wanted
    assert len({l["mac"] for l in lines if l["outcome"] != "ignore"}) >= 20
    frames = (demo / "demo.jsonl").read_text().splitlines()
    assert json.loads(frames[-1])["t"] - json.loads(frames[0])["t"] > 200


def check_stream_of_many(mi32):
    """A stream forgets nobody: of 1,000 senders each frame is new once, and a duplicate after."""
    frame = "131695fe5020aa0101{:02x}{:02x}00342d58041002c800"  # MJ_HT_V1, 20.0 degrees
    lines = [json.dumps({"mac": f"582D3400{n >> 8:02X}{n & 255:02X}", "t": 0.001 * n,
                         "adv_hex": frame.format(n & 255, n >> 8)}) for n in range(1000)]
    run = subprocess.run([mi32, "decode", "--stream"], input="\n".join(2 * lines),
                         capture_output=True, text=True)
    outcomes = [json.loads(line)["outcome"] for line in run.stdout.splitlines()]
    assert outcomes == 1000 * ["ok"] + 1000 * ["duplicate"], outcomes[::100]


def check_address_is_asked_for(mi32):
    """Once, where bare digits hold a frame that names its sender; the help shows how to give it."""
    adverts = ("020106151695fe5020aa01da219335342d580d1004fe004802", "020106")
    bare = subprocess.run([mi32, "decode"], input="\n".join(2 * adverts), capture_output=True,
                          text=True, check=True)
    outcomes = [json.loads(line)["outcome"] for line in bare.stdout.splitlines()]
    assert outcomes == 2 * ["reject:mac", "ignore"], bare
    assert bare.stderr.count("address") == 2 and bare.stderr.count("--help") == 1, bare
    text = subprocess.run([mi32, "decode", "--help"], capture_output=True, text=True,
                          check=True).stdout
    example = json.loads(re.search(r"^ *({.*})$", text, re.MULTILINE)[1])
    line = json.dumps({**example, "mac": "582D34359321", "adv_hex": adverts[0]})
    full = subprocess.run([mi32, "decode"], input=line, capture_output=True, text=True, check=True)
    assert json.loads(full.stdout)["outcome"] == "ok" and full.stderr == "", full


def main():
    mi32, repository = sys.argv[1], pathlib.Path(sys.argv[2])
    files = sorted((repository / "tests/vectors").glob("*.jsonl"))
    assert len(files) >= 9, "the vectors are missing"
    total = failed = 0
    for path in files:
        n, bad = check_file(mi32, path, [])
        total, failed = total + n, failed + bad
    demo = repository / "share/demo"
    n, bad = check_file(mi32, demo / "demo.jsonl", ["--keys", demo / "mi32cfg"])
    total, failed = total + n, failed + bad
    check_demo(mi32, demo)
    check_stream_of_many(mi32)
    check_address_is_asked_for(mi32)
    print(f"{total} lines, {failed} differences")
    assert total > 1400 and failed == 0


main()
