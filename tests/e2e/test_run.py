#!/usr/bin/env python3
"""`mi32 run` as its user meets it: values, commands, records, restarts, mistakes.

usage: test_run.py MI32 REPOSITORY
"""
import json
import os
import pathlib
import signal
import stat
import subprocess
import sys
import tempfile
import time

from gateway import DEADLINE_S, Gateway

MI32, REPOSITORY = sys.argv[1], pathlib.Path(sys.argv[2])
KEY = "e9ea895fac7cca6d30532432a516f3a8"
KEYED = "A4C1380283F4"
ENCRYPTED = "0201061a1695fe58585b0550f4830238c1a495ef58763c26000097e2abb5"  # humidity 46.7
PLAIN = "020106151695fe5020aa01da219335342d580d1004fe004802"  # 25.4 degrees, 58.4 %


def capture(directory, *lines):
    path = pathlib.Path(directory) / "capture.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def line(mac, adv, t=0.0):
    return {"t": t, "mac": mac, "rssi": -60, "adv_hex": adv}


def the_demo_shows_values_at_once():
    with Gateway(MI32, "--radio", "demo") as gateway:
        change = gateway.wait_for(lambda c: c.get("temperature_c") is not None, "a temperature")
        assert change["change"] == "values" and change["rssi"] < 0
        assert (gateway.data / "mi32cfg").exists()
        assert stat.S_IMODE(os.stat(gateway.data / "mi32cfg").st_mode) == 0o600
        assert gateway.stop() == 0


def a_key_opens_the_frames_that_were_kept():
    with tempfile.TemporaryDirectory() as directory:
        path = capture(directory, line(KEYED, ENCRYPTED))
        with Gateway(MI32, "--radio", f"replay:{path}") as gateway:
            gateway.wait_for(lambda c: c["change"] in ("key", "added", "pending"), "a new sensor")
            replies = gateway.command(f"MI32Key {KEY}{KEYED}")
            assert replies[0]["MI32Key"] == "Done", replies
            assert "1 of 1" in json.dumps(replies), replies
            assert KEY not in "".join(gateway.log).lower()
            assert gateway.stop() == 0


def a_replay_is_a_duplicate_after_a_restart_too():
    with tempfile.TemporaryDirectory() as directory:
        path = capture(directory, line(KEYED, ENCRYPTED), line("582D34359321", PLAIN, 0.1))
        gateway = Gateway(MI32, "--radio", f"replay:{path}")
        config = gateway.directory / "mi32.conf"
        config.write_text(f"# the house\nMI32Key {KEY}{KEYED}\n")
        gateway.options += ("--config", str(config))
        with gateway:
            change = gateway.wait_for(lambda c: "humidity_pct" in c, "the humidity")
            assert change["humidity_pct"] == 46.7 and change["mac"] == KEYED
            assert gateway.stop() == 0
        with gateway:
            change = gateway.wait_for(lambda c: c["change"] == "values", "a value")
            assert change["mac"] == "582D34359321", "the encrypted frame was believed again"
            assert not [c for c in gateway.seen if c["mac"] == KEYED and c["change"] == "values"]
            assert gateway.stop("kill") != 0


def a_reader_that_sleeps_stops_nobody():
    with tempfile.TemporaryDirectory() as directory:
        adverts = [line(f"582D34{i:06X}", PLAIN.replace("219335342d58", f"{i & 255:02x}"
                        f"{i >> 8 & 255:02x}00342d58")) for i in range(200)]
        path = capture(directory, *adverts)
        gateway = Gateway(MI32, "--radio", f"replay:{path}")
        gateway.reads_changes, gateway.pipe_size = False, 4096
        with gateway:
            gateway.ready()
            gateway.wait_for_log("nobody reads standard output")
            assert gateway.command("MI32Sensors"), "no answer while nobody reads"
            assert gateway.stop() == 0
            for text in gateway.process.stdout:
                json.loads(text)  # what was written is whole


def a_stranger_s_text_does_nothing_to_the_terminal():
    text = b"a\x1b[31m\xc2\x9b31m\x9b\xffz\xc3\xa4"  # CSI in three forms
    advert = f"{len(text) + 6:02x}16d2fc4053{len(text):02x}{text.hex()}"
    with tempfile.TemporaryDirectory() as directory:
        gateway = Gateway(MI32, directory=directory)
        path = capture(directory, line("A4C138000001", advert))
        run = subprocess.Popen([MI32, "run", "--radio", f"replay:{path}", "--data",
                                str(gateway.data), "--listen", "none"], stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, env=gateway.environment)
        try:
            told = next(l for l in run.stdout if b"Text" in l)
            assert b"Text a?[31m?31m??z\xc3\xa4 " in told, told
        finally:
            run.kill()


def records_are_what_decode_reads():
    with Gateway(MI32, "--radio", "demo") as gateway:
        gateway.ready()
        record = gateway.run("record", "--lines", "5")
        assert record.returncode == 0, record.stderr
        assert len(record.stdout.splitlines()) == 5
        decode = subprocess.run([MI32, "decode"], input=record.stdout, capture_output=True,
                                text=True)
        assert decode.returncode == 0 and len(decode.stdout.splitlines()) == 5, decode.stderr


def a_record_opens_with_the_keys_of_its_house():
    """The demo house, recorded until an encrypted sensor of its list has spoken."""
    with Gateway(MI32, "--radio", "demo") as gateway:
        gateway.ready()
        record = subprocess.Popen([MI32, "record"], stdout=subprocess.PIPE, text=True,
                                  env=gateway.environment)
        heard = next(line for line in record.stdout if '"A4C138D30001"' in line)
        record.terminate()
        decode = subprocess.run([MI32, "decode", "--keys", gateway.data / "mi32cfg"], input=heard,
                                capture_output=True, text=True)
        decoded = json.loads(decode.stdout)
        assert decoded["outcome"] == "ok" and decoded["encrypted"], decoded


def a_second_gateway_names_the_first():
    with Gateway(MI32, "--radio", "none") as gateway:
        gateway.ready()
        second = gateway.run("run", "--radio", "none", "--data", str(gateway.data))
        assert second.returncode == 1
        assert str(gateway.process.pid) in second.stderr, second.stderr


def mistakes_are_named_with_their_line():
    with tempfile.TemporaryDirectory() as directory:
        config = pathlib.Path(directory) / "mi32.conf"
        config.write_text("TelePeriod 60\n\nTelePeriod often\nMI32Key 1234\nNonsense\n")
        check = subprocess.run([MI32, "run", "--check-config", "--config", config],
                               capture_output=True, text=True)
        assert check.returncode == 1
        for number in (3, 4, 5):
            assert f"mi32.conf:{number}:" in check.stderr, check.stderr
        assert ":1:" not in check.stderr
        config.write_text("TelePeriod 60\n")
        check = subprocess.run([MI32, "run", "--check-config", "--config", config],
                               capture_output=True, text=True)
        assert check.returncode == 0, check.stderr


def a_damaged_mi32cfg_is_kept():
    damaged = '[{"MAC":"A4C1380283F4","PID":"055b","key":""},\n{"MAC":"nonsense","PID":"055b","key":""}]'
    gateway = Gateway(MI32, "--radio", "none")
    gateway.data.mkdir()
    (gateway.data / "mi32cfg").write_text(damaged)
    with gateway:
        gateway.ready()
        gateway.wait_for_log("mi32cfg:2:")
        assert KEYED in json.dumps(gateway.command("MI32Sensors")), "the good entry was lost"
        assert gateway.command("MI32Cfg")[0]["MI32Cfg"] == "Done"
        assert gateway.stop() == 0
    assert (gateway.data / "mi32cfg.damaged").read_text() == damaged


def a_check_knows_what_a_start_would_refuse():
    wrong = ("TelePeriod 5", "Site a/b", "MqttPort 0", "FullTopic x", "MqttHost a b", "Bogus 1")
    right = ("TelePeriod 1", 'MqttHost "', "Site 1", "MqttPassword", "FullTopic 0")
    with tempfile.TemporaryDirectory() as directory:
        config = pathlib.Path(directory, "mi32.conf")
        config.write_text("\n".join(wrong + right))
        check = subprocess.run([MI32, "run", "--check-config", "--config", config],
                               capture_output=True, text=True, check=False)
        lines = [line.split(":")[2] for line in check.stderr.splitlines()]
        assert check.returncode == 1, check
        assert lines == [str(n + 1) for n in range(len(wrong))], check.stderr


def a_check_knows_the_form_of_rules():
    """And writes nothing: neither a set of rules nor anything else."""
    broken = (("Rule1 ON Power1#State=1 DO Power2 1", "there is no ENDON or BREAK"),
              ("Rule2 ON Power1#State=1 Power2 1 ENDON", "there is no DO"),
              ("Rule3 ON DO Power2 1 ENDON", "there is no trigger"),
              ("Rule1 Power1#State=1 DO Power2 1 ENDON", "a rule begins with ON"),
              ("Rule4 ON Power1#State=1 DO Power2 1 ENDON", "usage: Rule<1-3>"))
    right = ("Rule1 ON Power1#State=1 DO Backlog Power2 1; Delay 10 BREAK ON x#y>5 DO Var1 1 ENDON",
             "Rule1 1")
    with tempfile.TemporaryDirectory() as directory:
        config = pathlib.Path(directory, "mi32.conf")

        def check(lines):
            config.write_text("\n".join(lines) + "\n")
            environment = dict(os.environ, XDG_STATE_HOME=directory, RUNTIME_DIRECTORY=directory)
            return subprocess.run([MI32, "run", "--check-config", "--config", config],
                                  capture_output=True, text=True, check=False, env=environment)

        wrong = check([*(line for line, _ in broken), *right])
        told = wrong.stderr.splitlines()
        assert wrong.returncode == 1 and len(told) == len(broken), wrong
        for number, (_, reason) in enumerate(broken, 1):
            assert f"mi32.conf:{number}: " in told[number - 1], wrong
            assert reason in told[number - 1], wrong
        assert (good := check(right)).returncode == 0 and good.stderr == "", good
        assert os.listdir(directory) == ["mi32.conf"]


def a_hangup_reads_the_configuration_again():
    with tempfile.TemporaryDirectory() as directory:
        config = pathlib.Path(directory) / "house.conf"
        config.write_text("TelePeriod 60\n")
        with Gateway(MI32, "--radio", "none", "--config", str(config)) as gateway:
            gateway.ready()
            assert gateway.command("TelePeriod")[0] == {"TelePeriod": 60}
            refused = gateway.command("TelePeriod 70")[0]
            assert refused["Reason"] == "fixed in house.conf line 1", refused
            config.rename(config.with_suffix(".away"))
            start = len(gateway.log)
            gateway.process.send_signal(1)
            gateway.wait_for_log("cannot read", start)
            refused = gateway.command("TelePeriod 70")[0]
            assert refused["Command"] == "Error", "a file that is away lets go of what it fixed"
            config.write_text("# nothing is fixed\n")
            gateway.process.send_signal(1)
            gateway.repeat("TelePeriod 70", lambda replies: replies == [{"TelePeriod": 70}])
            assert gateway.stop() == 0


def the_last_line_of_the_log_tells_the_end():
    with Gateway(MI32, "--radio", "none") as gateway:
        gateway.ready()
        assert gateway.stop() == 0
        assert gateway.log[-1] == "info: stopped by SIGTERM", gateway.log
        gateway.start().ready()
        gateway.process.send_signal(signal.SIGINT)
        assert gateway.process.wait(timeout=DEADLINE_S) == 0
        assert gateway.stop() == 0  # which only reads the rest
        assert gateway.log[-1] == "info: stopped by SIGINT", gateway.log
        gateway.start().ready()
        gateway.command("Restart 1")
        gateway.wait_for_log("stopped by Restart or Reset, to start anew")
        gateway.ready()
        assert gateway.stop() == 0
        assert gateway.log[-1] == "info: stopped by SIGTERM", gateway.log
    alone = gateway.run("cmd", "--data", str(gateway.data), "TelePeriod")
    assert alone.returncode == 0 and "stopped" not in alone.stderr, alone


def a_stop_counts_while_it_starts_anew_too():
    """Before it ends, while it ends, and while its successor begins: wherever the moment hits."""
    with Gateway(MI32, "--radio", "none") as gateway:
        for moment in range(10):
            gateway.ready()
            assert gateway.command("Restart 1") == [{"Restart": "Restarting"}]
            time.sleep(moment * 0.04)
            assert gateway.stop() == 0, (moment, gateway.log)
            gateway.start()


def a_configuration_that_is_not_there_stops_the_start():
    gateway = Gateway(MI32, "--radio", "none")
    result = gateway.run("run", "--radio", "none", "--data", str(gateway.data), "--config",
                         "/nowhere/mi32.conf")
    assert result.returncode == 1 and "/nowhere/mi32.conf" in result.stderr, result


def command_lines_are_checked():
    for arguments, code in ((["run", "--radio", "moon"], 2), (["nonsense"], 2),
                            (["cmd", "--nonsense"], 2),
                            (["decode", "/nowhere"], 1), (["bench", "extra"], 2),
                            (["run", "--listen", "8032"], 2),
                            (["run", "--sensors", "-5"], 2), (["run", "--sensors", " 5"], 2),
                            (["record", "-n", "-3"], 2), (["berry", "--heap", "much"], 2),
                            (["berry", "--steps", ""], 2), (["berry", "/"], 1),
                            (["--version"], 0), (["run", "--help"], 0)):
        result = subprocess.run([MI32, *arguments], capture_output=True, text=True)
        assert result.returncode == code, (arguments, result)
        if code == 2:
            assert result.stderr.startswith("mi32") and "--help'" in result.stderr, result
    for word, what in (("nonsense", "subcommand"), ("--bogus", "option"), ("-x", "option")):
        result = subprocess.run([MI32, word], capture_output=True, text=True)
        assert result.returncode == 2 and f"there is no {what} '{word}'" in result.stderr, result


TESTS = (the_demo_shows_values_at_once, a_key_opens_the_frames_that_were_kept,
         a_replay_is_a_duplicate_after_a_restart_too, a_reader_that_sleeps_stops_nobody,
         a_stranger_s_text_does_nothing_to_the_terminal,
         records_are_what_decode_reads, a_record_opens_with_the_keys_of_its_house,
         a_second_gateway_names_the_first, mistakes_are_named_with_their_line,
         a_damaged_mi32cfg_is_kept, a_check_knows_what_a_start_would_refuse,
         a_check_knows_the_form_of_rules, a_hangup_reads_the_configuration_again,
         the_last_line_of_the_log_tells_the_end, a_stop_counts_while_it_starts_anew_too,
         a_configuration_that_is_not_there_stops_the_start, command_lines_are_checked)

for test in TESTS:
    test()
    print(f"ok {test.__name__}")
