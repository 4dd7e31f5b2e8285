#!/usr/bin/env python3
"""Every command of the running program, over MQTT, HTTP and the control socket, and its replies.

The names come from Help: a command without a request in REQUESTS, and a request of a command that
is gone, fail. Each way is a run of its own, with fresh files, so that all expect the same. At the
end everything a run produced (replies, topics, log, output, files but the secret stores) is searched
for the keys and passwords that were used.

usage: test_commands.py MI32 REPOSITORY
"""
import http.client
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import urllib.parse

from broker import Broker, Reader, MOSQUITTO
from gateway import DEADLINE_S, Gateway

MI32 = sys.argv[1]
TOPIC = "tasmota_AABBCC"

# ---- secrets, each of which must never be seen again ----

KEY = "e9ea895fac7cca6d30532432a516f3a8"
LEGACY_KEY = "b853075158487ca39a5b5ea9"
RULE_KEYS = ("00112233445566778899aabbccddeef1", "00112233445566778899aabbccddeef2")
BROKER_PASSWORD = "Schwarzwaelder-Kirsch"
SECRETS = (KEY, LEGACY_KEY, *RULE_KEYS, BROKER_PASSWORD)
SECRET_STORES = ("mi32cfg", "settings", "state")

# ---- the house: a thermometer without key, one with, and a remote ----

PLAIN, SECRET, REMOTE = "A4C138B4944C", "A4C1380283F4", "F82441E95074"
FRAMES = (("A4C138FFFFFF", "020106"),
          (PLAIN, "0201061516" "95fe" "50305b05034c94b438c1a40d10041001ea01"),
          (SECRET, "0201061a16" "95fe" "58585b0550f4830238c1a495ef58763c26000097e2abb5"),
          (REMOTE, "0201061416" "95fe" "503053013f7450e94124f8011003000000"))

# ---- what is asked, and what is expected ----


def error(line, reason):
    """`line` as the reply repeats its name."""
    return {"Command": "Error", "Input": line, "Reason": reason}


ANY = ...
TEXT, NUMBER = re.compile(".*"), int
FIXED = re.compile(r"fixed in mi32\.conf line \d+")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
UPTIME = re.compile(r"\d+T\d\d:\d\d:\d\d")


class Ways:
    """A reply that depends on who asks."""

    def __init__(self, local, remote):
        self.local, self.remote = local, remote


class Later:
    """And replies to what a rule does, or to waiting entries of a Backlog: stat/.../RESULT."""

    def __init__(self, now, *later):
        self.now, self.later = now, later


class Told:
    """A reply that over MQTT comes with the state of a relay, on a topic of its own."""

    def __init__(self, reply, *states):
        self.reply, self.states = reply, states


class Reconnects:
    """The reply comes, and then the connection to the broker is made anew."""

    def __init__(self, reply):
        self.reply = reply


STATE = {"Time": TIME, "Uptime": UPTIME, "UptimeSec": NUMBER, "Heap": NUMBER, "LoadAvg": NUMBER,
         "MqttCount": NUMBER, "POWER": "OFF", "Hostname": TEXT, "IPAddress": TEXT}
STATUS = {
    "STATUS": {"Status": {"DeviceName": "attic", "FriendlyName": ["lamp"], "Topic": TOPIC, "Power": 0,
                          "PowerOnState": 3, "PowerRetain": 0, "SensorRetain": 0}},
    "STATUS1": {"StatusPRM": {"GroupTopic": "tasmotas", "RestartReason": "Power On",
                              "Uptime": UPTIME, "StartupUTC": TIME, "BootCount": 1}},
    "STATUS2": {"StatusFWR": {"Version": TEXT, "Hardware": TEXT}},
    "STATUS4": {"StatusMEM": {"ProgramSize": NUMBER, "Heap": NUMBER}},
    "STATUS5": {"StatusNET": {"Hostname": TEXT, "IPAddress": TEXT, "Gateway": TEXT,
                              "Subnetmask": TEXT, "DNSServer1": TEXT, "Mac": TEXT,
                              "Webserver": 2, "HTTP_API": 1}},
    "STATUS6": {"StatusMQT": {"MqttHost": "127.0.0.1", "MqttPort": NUMBER, "MqttClient": TEXT,
                              "MqttUser": "me", "MqttCount": NUMBER, "MqttTLS": 0}},
    "STATUS7": {"StatusTIM": {"UTC": re.compile(TIME.pattern + "Z"), "Local": TIME,
                              "StartDST": TIME, "EndDST": TIME, "Timezone": 99}},
    "STATUS8": {"StatusSNS": ANY},
    "STATUS10": {"StatusSNS": ANY},
    "STATUS11": {"StatusSTS": STATE},
}
# A machine without network or clock leaves these out.
MAY_LACK = {"IPAddress", "Gateway", "Subnetmask", "DNSServer1", "Mac", "StartupUTC", "Heap", "Time"}


def rule(text, state="OFF", once="OFF", stop="OFF"):
    return {"State": state, "Once": once, "StopOnError": stop, "Length": NUMBER, "Free": NUMBER,
            "Rules": text}


def timers(first):
    return {"T1": first, **{f"T{n}": 0 for n in range(2, 9)}}


def sensor(slot, mac, name, type_, **more):
    return {"Slot": slot, "MAC": mac, "Name": name, "Type": type_, "RSSI": -60, "Age": NUMBER,
            **more}


def status(*numbers):
    return [(f"STATUS{n}", STATUS[f"STATUS{n}"]) for n in numbers]


BOOT_RULE = ("on System#Boot do backlog MI32key {}112233445566; MI32key {}112233445567 endon")

# command: rows of (line, reply). A reply is one object, or a list of (topic level, object).
REQUESTS = {
    # sensors
    "MI32Sensors": [("MI32Sensors", {"MI32Sensors": [
        sensor(0, PLAIN, "LYWSD03-b4944c", "LYWSD03"),
        sensor(1, SECRET, "LYWSD03-0283f4", "LYWSD03", Key="needed"),
        sensor(2, REMOTE, "YLYK01-e95074", "YLYK01")]}),
                    ("MI32Sensors 1", {"MI32Sensors": []}),
                    ("MI32Sensors 2", error("MI32SENSORS", "inbox must be 0 to 1"))],
    "MI32Key": [("MI32Key " + KEY + SECRET, {"MI32Key": "Done", "Opens": "1 of 1"}),
                ("mi32key " + KEY.upper() + SECRET.lower(), {"MI32Key": "Done", "Opens": "1 of 1"}),
                ("MI32KEY " + LEGACY_KEY + "F82441C5988B", {"MI32Key": "Done"}),
                ("MI32Key", error("MI32KEY", "usage: MI32Key <key and MAC>")),
                ("MI32Key " + KEY, error("MI32KEY", "a key has 32 or 24 hex digits, "
                                  "followed by 12 of the MAC"))],
    "MI32Name": [("MI32Name 0 bath", {"MI32Name": "bath"}),
                 ("MI32Name bath", {"MI32Name": "bath"}),
                 ("MI32Name A4:C1:38:B4:94:4C \"", {"MI32Name": "LYWSD03-b4944c"}),
                 ("MI32Name 9 x", error("MI32NAME", "no sensor 9, or more than one; MI32Sensors lists them"))],
    "MI32Plain": [("MI32Plain 1", {"MI32Plain": 0}), ("MI32Plain 1 ON", {"MI32Plain": 1}),
                  ("MI32Plain 1 0", {"MI32Plain": 0})],
    "MI32Approve": [("MI32Approve LYWSD03-b4944c", {"MI32Approve": "Done"})],
    "MI32Cfg": [("MI32Cfg", {"MI32Cfg": "Done"}), ("mi32CFG ignored", {"MI32Cfg": "Done"})],
    "MI32Replace": [("MI32Replace 0 A4C138AABBCC", {"MI32Replace": "Done"}),
                    ("MI32Replace 0", error("MI32REPLACE", "usage: MI32Replace <old> <new>"))],
    "MI32Ignore": [("MI32Ignore " + REMOTE, {"MI32Ignore": "Done"})],
    "MI32Forget": [("MI32Forget " + REMOTE, {"MI32Forget": "Done"}),
                   ("MI32Forget " + REMOTE,
                    error("MI32FORGET", f"no sensor {REMOTE}, or more than one; MI32Sensors lists them"))],
    "MI32Pair": [("MI32Pair", {"MI32Pair": ANY})],
    "MI32PairKey": [("MI32PairKey", Ways(
        error("MI32PAIRKEY", "no key was made since the start"),
        error("MI32PAIRKEY", "shown on a local console only")))],
    "MI32Radio": [("MI32Radio", {"MI32Radio": ANY, "Outcomes": ANY})],
    "MI32FullDuty": [("MI32FullDuty", {"MI32FullDuty": 0})],
    "MI32Option": [("MI32Option 1", {"MI32Option1": 1}), ("MI32Option", {"MI32Option1": 1}),
                   ("MI32Option7 1", error("MI32OPTION7", "usage: MI32Option<0-4> [0|1]"))],
    "MI32Option0": [("MI32Option0", {"MI32Option0": 1}), ("mi32option0 0", {"MI32Option0": 0})],
    "MI32Option1": [("MI32Option1 OFF", {"MI32Option1": 0})],
    "MI32Option2": [("MI32Option2 TRUE", {"MI32Option2": 1}),
                    ("MI32Option2 2", error("MI32OPTION2", "on must be 0 to 1"))],
    "MI32Option3": [("MI32Option3", {"MI32Option3": 1}), ("MI32Option3 0", {"MI32Option3": 0})],
    "MI32Option4": [("MI32Option4 0", {"MI32Option4": 0})],
    # several commands
    "Backlog": [("Backlog", {"Backlog": "Empty"}),
                ("Backlog TempRes 2; Var1 {a;b}; HumRes 2",
                 Later({"TempRes": 2}, {"Var1": "{a;b}"}, {"HumRes": 2})),
                ("Backlog Reset 1", error("BACKLOG", "Reset is refused in a Backlog"))],
    "Backlog0": [("Backlog0 TempRes 1; HumRes 1",
                  [("RESULT", {"TempRes": 1}), ("RESULT", {"HumRes": 1})])],
    "Delay": [("Delay 2", {"Delay": 2}),
              ("Delay 1", error("DELAY", "tenths of a second must be 2 to 3600"))],
    # rules
    "Rule": [("Rule1 " + BOOT_RULE.format(*RULE_KEYS), {"Rule1": rule(re.compile(
                 r"on System#Boot do backlog MI32key \*\*\*\*.*"))}),
             ("Rule1 1", {"Rule1": rule(re.compile(r".*\*\*\*\*.*"), "ON")}),
             ("Rule2 ON Event#go DO Var3 %value% ENDON", {"Rule2": rule(
                 "ON Event#go DO Var3 %value% ENDON")}),
             ("Rule2 + ON Event#stop DO Var3 0 BREAK", {"Rule2": rule(
                 "ON Event#go DO Var3 %value% ENDON ON Event#stop DO Var3 0 BREAK")}),
             ("Rule2 5", {"Rule2": rule(TEXT, "OFF", "ON")}),
             ("Rule2 4", {"Rule2": rule(TEXT)}),
             ("Rule2 9", {"Rule2": rule(TEXT, stop="ON")}),
             ("Rule2 ON", {"Rule2": rule(TEXT, "ON", stop="ON")}),
             ("Rule", {"Rule1": rule(TEXT, "ON")}),
             ("Rule3 nonsense", error("RULE3", "a rule begins with ON"))],
    "Event": [("Event go=5", Later({"Event": "Done"}, {"Var3": "5"}))],
    "Var": [("Var3", {"Var3": "5"}), ("Var16 x y", {"Var16": "x y"}),
            ("Var9 " + KEY, {"Var9": "****"}),
            ("Var17 x", error("VAR17", "usage: Var<1-16> [<text>]"))],
    "Mem": [("Mem2 kept", {"Mem2": "kept"}), ("Mem2", {"Mem2": "kept"}),
            ("Mem3 MI32Key " + KEY + SECRET, {"Mem3": "MI32Key ****"})],
    "Add": [("Add3 1.5", {"Add3": "6.5"})],
    "Sub": [("Sub3 0.5", {"Sub3": "6"})],
    "Mult": [("Mult3 2", {"Mult3": "12"})],
    "Scale": [("Scale3 5,0,10,0,100", {"Scale3": "50"})],
    "RuleTimer": [("RuleTimer1 70", timers(70)), ("RuleTimer1 0", timers(0))],
    # time
    "Time": [("Time", {"Time": TIME}), ("Time 2", {"Time": TIME, "Epoch": NUMBER}),
             ("Time 1", {"Time": TIME})],
    "Timezone": [("Timezone", {"Timezone": "system"}), ("Timezone -3", {"Timezone": "-03:00"}),
                 ("Timezone 99", {"Timezone": 99})],
    "TimeStd": [("TimeStd 0,0,10,1,3,60", {"TimeStd": {
        "Hemisphere": 0, "Week": 0, "Month": 10, "Day": 1, "Hour": 3, "Offset": 60}})],
    "TimeDst": [("TimeDst 0,0,3,1,2,120", {"TimeDst": {
        "Hemisphere": 0, "Week": 0, "Month": 3, "Day": 1, "Hour": 2, "Offset": 120}})],
    # numbers and units
    "TempRes": [("TempRes", {"TempRes": 1}), ("TempRes 4",
                                              error("TEMPRES", "decimals must be 0 to 3"))],
    "HumRes": [("HumRes 0x1", {"HumRes": 1})],
    "SetOption8": [("SetOption8", {"SetOption8": "OFF"}), ("SetOption8 1", {"SetOption8": "ON"}),
                   ("SetOption8 0", {"SetOption8": "OFF"})],
    "SetOption34": [("SetOption34 150", {"SetOption34": 150})],
    # relays
    "Relay": [("Relay1 virtual", {"Relay1": "virtual"}), ("Relay2", {"Relay2": "none"}),
              ("Relay2 gpio:nosuchchip:1", error("RELAY2", "there is no GPIO chip of this name: "
                                                           "'gpiodetect' lists the chips")),
              ("Relay3 lamp", error("RELAY3", "Relay3 must be gpio:CHIP:LINE[:inverted], mqtt:TOPIC, "
                                              "virtual or none"))],
    "Power": [("Power", Told({"POWER": "OFF"}, ("POWER", "OFF"))),
              ("Power1 ON", Told({"POWER": "ON"}, ("POWER", "ON"))),
              ("POWER toggle", Told({"POWER": "OFF"}, ("POWER", "OFF"))),
              ("Power0 1", Told({"POWER": "ON"}, ("POWER", "ON"))),
              ("Power 4", Told({"POWER": "Blink OFF"}, ("POWER", "ON"))),
              ("Power 0", Told({"POWER": "OFF"}, ("POWER", "OFF"))),
              ("Power2 1", error("POWER2", "there is no relay 2; Relay2 wires it")),
              ("Power9", error("POWER9", "usage: Power<0-4> [<state 0-4>]"))],
    "PowerOnState": [("PowerOnState", {"PowerOnState": 3}), ("PowerOnState 2", {"PowerOnState": 2}),
                     ("PowerOnState 4", error("POWERONSTATE", "state must be 0 to 3")),
                     ("PowerOnState 3", {"PowerOnState": 3})],
    "PowerRetain": [("PowerRetain", {"PowerRetain": "OFF"})],
    "SetOption26": [("SetOption26", {"SetOption26": "OFF"})],
    "SetOption59": [("SetOption59", {"SetOption59": "OFF"})],
    # reports
    "TelePeriod": [("TelePeriod 60", {"TelePeriod": 60}), ("TelePeriod 1", {"TelePeriod": 300}),
                   ("TelePeriod 5", error("TELEPERIOD", "TelePeriod must be 0 (off) or 10 to 3600 "
                                                        "seconds"))],
    "State": [("State", STATE)],
    # names
    "DeviceName": [("DeviceName attic", {"DeviceName": "attic"})],
    "FriendlyName": [("FriendlyName1 lamp", {"FriendlyName1": "lamp"}),
                     ("FriendlyName4", {"FriendlyName4": "mi32"})],
    "Hostname": [("Hostname", {"Hostname": TEXT}),
                 ("Hostname x", error("HOSTNAME", "the name is the machine's: change it there "
                                                  "(hostnamectl)"))],
    "WebLog": [("Weblog 2", {"WebLog": 2, "Hint": TEXT})],
    "MqttLog": [("Mqttlog 0", {"MqttLog": 0, "Hint": TEXT})],
    "SerialLog": [("Seriallog", {"SerialLog": 0, "Hint": TEXT})],
    # MQTT
    "Topic": [("Topic", {"Topic": TOPIC}), ("Topic other", error("TOPIC", FIXED))],
    "FullTopic": [("FullTopic", {"FullTopic": "%prefix%/%topic%/"}),
                  ("FullTopic x/%topic%/y", error("FULLTOPIC", re.compile(".*must contain %prefix%.*")))],
    "Site": [("Site", {"Site": "home"})],
    "MqttHost": [("MqttHost", {"MqttHost": "127.0.0.1"}),
                 ("MqttHost other", error("MQTTHOST", FIXED))],
    "MqttPort": [("MqttPort", {"MqttPort": NUMBER})],
    "MqttUser": [("MqttUser me", Reconnects({"MqttUser": "me"}))],
    "MqttPassword": [("MqttPassword " + BROKER_PASSWORD, Reconnects({"MqttPassword": "****"})),
                     ("MqttPassword", {"MqttPassword": "****"})],
    "MqttClient": [("MqttClient", {"MqttClient": TEXT})],
    "MqttTLS": [("MqttTLS", {"MqttTLS": 0})],
    "Publish": [("Publish a/b some text", {"Publish": "Done"}),
                ("Publish a/# x", error("PUBLISH", "a/# is no topic to publish to"))],
    "Publish2": [("Publish2 a/kept {\"x\":1}", {"Publish2": "Done"})],
    "MqttRetry": [("MqttRetry", {"MqttRetry": 120}),
                  ("MqttRetry 9", error("MQTTRETRY", "seconds must be 10 to 32000"))],
    "MqttFingerprint": [("MqttFingerprint", {"MqttFingerprint1": ""})],
    "GroupTopic": [("GroupTopic", {"GroupTopic1": "tasmotas"}), ("GroupTopic4", {"GroupTopic4": ""})],
    "Prefix": [("Prefix1", {"Prefix1": "cmnd"}), ("Prefix2", {"Prefix2": "stat"}),
               ("Prefix3", {"Prefix3": "tele"})],
    "SensorRetain": [("SensorRetain", {"SensorRetain": "OFF"}),
                     ("SensorRetain OFF", {"SensorRetain": "OFF"})],
    "SetOption4": [("SetOption4", {"SetOption4": "OFF"})],
    "SetOption19": [("SetOption19", {"SetOption19": "OFF"})],
    "SetOption90": [("SetOption90", {"SetOption90": "OFF"})],
    "SetOption104": [("SetOption104 1", {"SetOption104": "ON"}),
                     ("SetOption104 0", {"SetOption104": "OFF"})],
    "SetHA": [("SetHA", {"SetHA": 1})],
    "HAPrefix": [("HAPrefix", {"HAPrefix": "homeassistant"})],
    # the web
    "WebRead": [("WebRead", {"WebRead": 1})],
    "WebPassword": [("WebPassword", Ways(
        {"WebPassword": TEXT}, error("WEBPASSWORD", "shown on a local console only")))],
    # help, and what is not there
    "Help": [("Help", {"Help": ANY}),
             ("Help TelePeriod", {"Help": {"Usage": "TelePeriod [<seconds 0-3600>]", "Help": TEXT}}),
             ("Nonsense 1", {"Command": "Unknown", "Input": "NONSENSE"})],
    # itself; Status comes late, so that it tells what was set, and Restart last
    "Status": [("Status", [("STATUS", STATUS["STATUS"])]),
               *[(f"Status {n}", status(n)) for n in (1, 2, 4, 5, 6, 7, 8, 10, 11)],
               ("Status 0", status("", 1, 2, 4, 5, 6, 7, 10, 11)),
               ("Status 3", error("STATUS", "Status knows 0, 1, 2, 4, 5, 6, 7, 8, 10 and 11"))],
    "Reset": [("Reset", {"Reset": "1 to reset"}),
              ("Reset 1", {"Reset": re.compile("1 confirm .*")})],
    "Restart": [("Restart", {"Restart": "1 to restart"}),
                ("Restart 1", {"Restart": "Restarting"})],
}
LAST = ("Restart 1",)


def fits(expected, got):
    if expected is ANY:
        return True
    if isinstance(expected, re.Pattern):
        return isinstance(got, str) and expected.fullmatch(got) is not None
    if expected is NUMBER:
        return isinstance(got, int) and not isinstance(got, bool)
    if isinstance(expected, dict):
        return isinstance(got, dict) and not set(got) - set(expected) and all(
            fits(value, got[key]) if key in got else key in MAY_LACK
            for key, value in expected.items())
    if isinstance(expected, list):
        return isinstance(got, list) and len(got) == len(expected) and all(
            map(fits, expected, got))
    return type(got) is type(expected) and got == expected


# ---- the ways ----


class Way:
    """A gateway with a broker, and one way to give it commands."""
    is_local = False

    def __init__(self, gateway, broker, reader, seen):
        self.gateway, self.broker, self.reader, self.seen = gateway, broker, reader, seen
        self.port = int(re.search(r":(\d+)/", gateway.wait_for_log("listening at"))[1])
        self.password = gateway.command("WebPassword")[0]["WebPassword"]
        seen.secrets.append(self.password)

    def later(self, start, reply):
        self.reader.wait_for(lambda m: m.topic == f"stat/{TOPIC}/RESULT" and fits(reply, m.json),
                             f"the later {reply}", start)

    def reconnected(self, start):
        self.reader.wait_for(lambda m: m.topic == f"tele/{TOPIC}/LWT" and m.payload == "Online" and
                             not m.is_retained, "the connection made anew", start)
        self.reader.wait_for(lambda m: m.topic == f"stat/{TOPIC}/POWER", "and told the relay", start)


class Mqtt(Way):
    asked = 0

    def ask(self, line, replies, leaves=False):
        """Commands are answered in their order, so what comes before the reply to one that nobody
        knows belongs to the one before. Whoever leaves may not hear another one."""
        name, _, payload = line.partition(" ")
        start = len(self.reader.messages)
        self.asked += 1
        self.broker.publish(f"cmnd/{TOPIC}/{name}", payload)
        if leaves:
            reply = self.reader.wait_for(lambda m: m.topic == f"stat/{TOPIC}/RESULT", line, start)
            return [("RESULT", reply.json)]
        self.broker.publish(f"cmnd/{TOPIC}/End{self.asked}", "")
        end = {"Command": "Unknown", "Input": f"END{self.asked}"}
        self.reader.wait_for(lambda m: m.topic == f"stat/{TOPIC}/RESULT" and m.json == end, line,
                             start)
        told = [(m.topic.split("/")[-1], m.json if m.payload.startswith("{") else m.payload)
                for m in self.reader.messages[start:] if m.topic.startswith(f"stat/{TOPIC}/")]
        return told[:told.index(("RESULT", end))]


class Http(Way):
    def ask(self, line, replies, leaves=False):
        query = urllib.parse.urlencode({"cmnd": line, "user": "admin", "password": self.password})
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=DEADLINE_S)
        client.request("GET", f"/cm?{query}")
        answer = client.getresponse()
        body = answer.read().decode()
        client.close()
        assert answer.status == 200, (line, answer.status, body)
        self.seen.text(line, body)
        merged = json.loads(body)
        if len(replies) < 2:
            return [(replies[0][0], merged)]
        # Several replies are one object: take it apart by the members that are expected.
        return [(level, {key: merged[key] for key in reply if key in merged})
                for level, reply in replies]


class Control(Way):
    is_local = True

    def ask(self, line, replies, leaves=False):
        result = self.gateway.run("cmd", line)
        got = [json.loads(text) for text in result.stdout.splitlines()]
        assert result.returncode == (1 if "Command" in got[0] else 0), (line, result)
        if not line.startswith("WebPassword"):
            self.seen.text(line, result.stdout + result.stderr)
        return [(level, reply) for (level, _), reply in zip(replies, got)] + [
            ("?", reply) for reply in got[len(replies):]]


# ---- a run ----


class Seen:
    """All that a run produced, to be searched for secrets."""

    def __init__(self):
        self.texts, self.secrets = [], list(SECRETS)

    def text(self, where, text):
        self.texts.append((where, text))

    def search(self):
        for where, text in self.texts:
            for secret in self.secrets:
                assert secret.lower() not in text.lower(), f"a secret is shown by {where}: {text}"
        return len(self.texts), sum(len(text) for _, text in self.texts)


def check(way, line, reply):
    later, reconnects = (), False
    if isinstance(reply, Ways):
        reply = reply.local if way.is_local else reply.remote
    if isinstance(reply, Later):
        reply, later = reply.now, reply.later
    if isinstance(reply, Reconnects):
        reply, reconnects = reply.reply, True
    if isinstance(reply, Told):
        reply = [("RESULT", reply.reply), *(reply.states if isinstance(way, Mqtt) else ())]
    replies = reply if isinstance(reply, list) else [("RESULT", reply)]
    start = len(way.reader.messages)
    got = way.ask(line, replies, leaves=reconnects or line in LAST)
    got = got[:len(replies)] + [g for g in got[len(replies):] if not any(
        fits(expected, g[1]) for expected in later)]  # may have come already
    assert len(got) == len(replies), f"{line}:\n  expected {replies}\n  got      {got}"
    for (level, expected), (its_level, its) in zip(replies, got):
        assert (level, True) == (its_level, fits(expected, its)), (
            f"{line}:\n  expected {level} {expected}\n  got      {its_level} {its}")
    for expected in later:
        way.later(start, expected)
    if reconnects:
        way.reconnected(start)


def check_names(way):
    """Nothing in Help without a request, and no request for what is not there."""
    names = set(way.gateway.command("Help")[0]["Help"])
    assert not names - set(REQUESTS), f"no request for {sorted(names - set(REQUESTS))}"
    assert not set(REQUESTS) - names, f"not in Help: {sorted(set(REQUESTS) - names)}"
    for name, rows in REQUESTS.items():
        assert any(re.match(rf"{name}\d*( |$)", line, re.I) for line, _ in rows), name


def check_other_topics(way):
    """INFO1 names the topics of the group and of last resort; both are obeyed."""
    info = way.reader.wait_for(lambda m: m.topic == f"tele/{TOPIC}/INFO1", "INFO1").json["Info1"]
    for member, command in (("GroupTopic", "HumRes"), ("FallbackTopic", "TempRes")):
        start = len(way.reader.messages)
        way.broker.publish(info[member] + command, "1")
        way.reader.wait_for(lambda m: m.topic == f"stat/{TOPIC}/RESULT" and
                            m.json == {command: 1}, info[member], start)


def check_published(way):
    """What Publish sent went to its own topic, and the broker kept what Publish2 sent."""
    for topic, payload in (("a/b", "some text"), ("a/kept", '{"x":1}')):
        way.reader.wait_for(lambda m: (m.topic, m.payload) == (topic, payload), topic)
    kept = subprocess.run(["mosquitto_sub", "-h", "127.0.0.1", "-p", str(way.broker.port), "-t",
                           "a/#", "-t", f"tele/{TOPIC}/LWT", "-F", "%r %t %p", "-C", "2"],
                          capture_output=True, text=True, timeout=DEADLINE_S, check=True).stdout
    assert set(kept.splitlines()) == {'1 a/kept {"x":1}', f"1 tele/{TOPIC}/LWT Online"}, kept


def check_restart(way, start):
    """It says goodbye, comes back with the same arguments, and says why."""
    way.reader.wait_for(lambda m: m.topic == f"tele/{TOPIC}/INFO3" and m.json["Info3"] == {
        "RestartReason": "Software/System restart", "BootCount": 2}, "the start anew", start)
    assert way.gateway.command("Mem2") == [{"Mem2": "kept"}]


def search(way, gateway):
    for message in way.reader.messages:
        if not message.topic.startswith("cmnd/"):  # those we sent
            way.seen.text(message.topic, repr(message))
    way.seen.text("the log", "\n".join(gateway.log))
    while not gateway.changes.empty():
        gateway.seen.append(gateway.changes.get())
    way.seen.text("standard output", json.dumps([c for c in gateway.seen if c]))
    for path in gateway.data.rglob("*"):
        if path.is_file() and path.name not in SECRET_STORES:
            way.seen.text(path.name, path.read_bytes().decode("latin-1"))
    for name in SECRET_STORES:
        path = gateway.data / name
        assert not path.exists() or path.stat().st_mode & 0o077 == 0, f"{name} can be read"
    return way.seen.search()


def run(kind):
    with tempfile.TemporaryDirectory() as directory, Broker() as broker, Reader(broker) as reader:
        place = pathlib.Path(directory)
        config, capture = place / "mi32.conf", place / "capture.jsonl"
        config.write_text(f"MqttHost 127.0.0.1\nMqttPort {broker.port}\nTopic {TOPIC}\n")
        capture.write_text("".join(
            json.dumps({"t": n / 10, "mac": mac, "rssi": -60, "adv_hex": data}) + "\n"
            for n, (mac, data) in enumerate(FRAMES)))
        gateway = Gateway(MI32, "--verbose", "--radio", f"replay:{capture}", "--config",
                          str(config))
        with gateway:
            gateway.wait_for(lambda c: c.get("mac") == REMOTE, "the remote")
            reader.wait_for(lambda m: m.topic == f"tele/{TOPIC}/INFO3", "the connection")
            way = kind(gateway, broker, reader, Seen())
            check_names(way)
            requests = [row for rows in REQUESTS.values() for row in rows]
            for line, reply in requests:
                start = len(reader.messages)
                check(way, line, reply)
            check_restart(way, start)
            check_other_topics(way)
            check_published(way)
            assert gateway.stop() == 0
            texts, size = search(way, gateway)
        print(f"ok {kind.__name__}: {len(requests)} requests of {len(REQUESTS)} commands; no secret "
              f"in {texts} texts of {size} bytes", flush=True)


assert MOSQUITTO, "no mosquitto"
for kind in (Control, Mqtt, Http):
    run(kind)
