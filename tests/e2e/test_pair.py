#!/usr/bin/env python3
"""`mi32 pair` MI32 REPOSITORY: against the real gateway on a machine that cannot connect, and against
one that plays what src/pairing says in each case (tests/unit/pairing holds it to that)."""
import json
import pathlib
import socket
import subprocess
import sys
import tempfile
import threading

from gateway import DEADLINE_S, Gateway

MI32 = sys.argv[1]
MAC = "A4C1382F876B"
KEY = "7c6d8d1a10999180035e7a92d48ad4dc"
ADVERT = {"t": 0, "mac": MAC, "rssi": -60, "adv_hex": "111695fe30585b05016b872f38c1a4280100",
          "key": None}
CONFIRM = {"MI32Pair": "Confirm", "MAC": MAC, "Name": "bath", "Warning": "It is lost to Mi Home."}


class Player:
    """A control socket on which each line that comes is answered by the next row of answers."""

    def __init__(self, rows):
        self.keeper = tempfile.TemporaryDirectory(prefix="mi32-test-")
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.bind(str(pathlib.Path(self.keeper.name, "control")))
        self.socket.listen()
        self.rows, self.heard = rows, []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        connection, _ = self.socket.accept()
        with connection, connection.makefile("rw", encoding="utf-8") as stream:
            for line in stream:
                if line == "command MI32Radio\n":
                    stream.write('{"MI32Radio":[{"Name":"hci0","State":"listening"}]}\n\n')
                    stream.flush()
                    continue
                self.heard.append(line.rstrip("\n"))
                for answer in self.rows[len(self.heard) - 1]:
                    stream.write((json.dumps(answer) if answer else "") + "\n")
                stream.flush()
                if len(self.heard) == len(self.rows):
                    return

    def pair(self, *arguments):
        return subprocess.run([MI32, "pair", *arguments], capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, timeout=DEADLINE_S,
                              env={"RUNTIME_DIRECTORY": self.keeper.name, "PATH": "/usr/bin:/bin"})


def event(state, **more):
    return {"mac": MAC, "state": state, **more}


def pairing(*ends, saved=True):
    """The rows of a whole pairing whose last events are `ends`."""
    return [[CONFIRM, None], [],
            [event("connecting", attempt=1), {"MI32Pair": "Started", "MAC": MAC}, None,
             event("activating"), *ends],
            [{"MI32PairKey": {"MAC": MAC, "Key": KEY, "Saved": saved}}, None]]


def the_key_is_shown_when_it_is_stored():
    player = Player(pairing(event("storing"), event("verifying"),
                            event("done", key="********", saved=True, verified=True)))
    result = player.pair("--yes", "bath")
    assert (result.returncode, result.stdout) == (0, f"{MAC} {KEY}\n"), result
    assert player.heard == ['command MI32Pair "bath"', "pairings", f"command MI32Pair {MAC} 1",
                            "command MI32PairKey"], player.heard
    told = [result.stderr.index(text) for text in (
        "It is lost to Mi Home.", "connecting", "activating", "storing", "logging in",
        "The key is stored.")]
    assert told == sorted(told), result.stderr


def a_missing_proof_is_said():
    player = Player(pairing(event("done", key="********", saved=True, verified=False,
                                  hint="the device does not answer")))
    result = player.pair("-y", MAC)
    assert (result.returncode, result.stdout) == (0, f"{MAC} {KEY}\n"), result
    assert "login did not come about: the device does not answer" in result.stderr


def a_key_that_is_not_saved_is_shown_with_the_way_to_enter_it():
    player = Player(pairing(event("failed", error="the key is not saved: the disk is full",
                                  remedy="do this", key="********"), saved=False))
    result = player.pair("--yes", MAC)
    assert (result.returncode, result.stdout) == (1, f"{MAC} {KEY}\n"), result
    for text in ("the disk is full", "do this", f"mi32 cmd MI32Key {KEY}{MAC}"):
        assert text in result.stderr, result.stderr


def a_failure_without_a_key_shows_none():
    player = Player(pairing(event("failed", error="it refused", remedy="reset it"))[:3])
    result = player.pair("--yes", MAC)
    assert (result.returncode, result.stdout) == (1, ""), result
    assert "it refused" in result.stderr and "reset it" in result.stderr


def nobody_is_asked_where_nobody_is():
    player = Player([[CONFIRM, None]])
    result = player.pair(MAC)
    assert result.returncode == 2 and "--yes" in result.stderr, result
    assert player.heard == [f'command MI32Pair "{MAC}"'], "it has begun without being confirmed"


def a_name_with_blanks_is_one_name():
    """Above all, a 1 behind a blank is no consent."""
    for name in ("Living room", f"{MAC} 1"):
        player = Player([[CONFIRM, None]])
        assert player.pair(name).returncode == 2
        assert player.heard == [f'command MI32Pair "{name}"'], player.heard


def what_can_be_no_name_is_not_asked_for():
    for name in ('bath" 1 "', f"{MAC}\nMI32Pair {MAC} 1", "", "n" * 65):
        player = Player([[CONFIRM, None]])
        result = player.pair("--yes", name)
        assert result.returncode == 2 and "SENSOR" in result.stderr, result
        assert player.heard == [], player.heard


def a_name_does_nothing_to_the_terminal():
    name = "b\x1b[2Jath\u009b"
    result = Player([[{**CONFIRM, "Name": name}, None]]).pair(MAC)
    assert "(b?[2Jath?)" in result.stderr, result
    device = {"MAC": MAC, "Name": name, "RSSI": -60, "State": "not activated"}
    result = Player([[{"MI32Pair": [device, {**device, "Name": "b\u00e4d"}], "More": 2},
                      None]]).pair()
    assert result.stdout.splitlines() == [
        f"{MAC}  {shown:32}  -60 dBm  not activated" for shown in ("b?[2Jath?", "b\u00e4d")] + [
            "... and 2 more"], result
    refusal = {"Command": "Error", "Reason": f"no {name}"}
    result = Player([[refusal, None]]).pair(MAC)
    assert result.returncode == 1 and result.stderr == "mi32: no b?[2Jath?\n", result


def a_gateway_that_goes_away_is_told():
    result = Player(pairing()[:3]).pair("--yes", MAC)
    assert result.returncode == 1 and result.stdout == "" and "mi32: " in result.stderr, result


def a_machine_that_cannot_connect_says_so():
    with tempfile.TemporaryDirectory() as directory:
        recording = pathlib.Path(directory, "house.jsonl")
        recording.write_text(json.dumps(ADVERT) + "\n")
        with Gateway(MI32, "--radio", f"replay:{recording}") as gateway:
            gateway.wait_for(lambda change: change.get("mac") == MAC, "the sensor")
            listed = gateway.run("pair")
            assert listed.returncode == 0 and MAC in listed.stdout, listed
            assert "not activated" in listed.stdout, listed
            stranger = gateway.run("pair", "--yes", "A4C138000000")
            assert stranger.returncode == 1, stranger
            assert "no sensor 'A4C138000000' was heard" in stranger.stderr, stranger
            assert "MI32Pair" not in stranger.stderr, "it names a command that was not given"
            result = gateway.run("pair", "--yes", MAC)
            assert result.returncode == 1 and result.stdout == "", result
            assert "takes it away from the Mi Home app" in result.stderr, result
            assert "no Bluetooth adapter" in result.stderr, result
            assert gateway.stop() == 0


def main():
    for test in (the_key_is_shown_when_it_is_stored, a_missing_proof_is_said,
                 a_key_that_is_not_saved_is_shown_with_the_way_to_enter_it,
                 a_failure_without_a_key_shows_none, nobody_is_asked_where_nobody_is,
                 a_name_with_blanks_is_one_name, what_can_be_no_name_is_not_asked_for,
                 a_name_does_nothing_to_the_terminal, a_gateway_that_goes_away_is_told,
                 a_machine_that_cannot_connect_says_so):
        test()
        print(f"ok {test.__name__}", flush=True)


if __name__ == "__main__":
    main()
