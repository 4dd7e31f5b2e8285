#!/usr/bin/env python3
"""The defects of Tasmota's driver that users have met, each with the test that fails when we have it
too. This fails when such a test is gone, is called something else, or is not run.

usage: test_defects.py REPOSITORY
"""
import pathlib
import re
import sys

UNIT = pathlib.Path(sys.argv[1]) / "tests" / "unit"

# number, what is wrong there, the file, the test
DEFECTS = (
    (1, "MI32Key discards the key of a sensor not heard yet",
     "tasmota/test_commands.c", "a_key_is_kept_for_a_sensor_not_heard_yet"),
    (1, "so the boot rule of the documentation sets no key",
     "tasmota/test_rules.c", "the_boot_rule_of_the_documentation_works"),
    (2, "MI32Option3 means the opposite of what is documented",
     "tasmota/test_commands.c", "option3_is_what_the_registry_does"),
    (3, "options are lost at a restart",
     "gateway/test_machine.c", "defect_3_options_survive_a_restart"),
    (4, "leak never reaches MQTT",
     "tasmota/test_telemetry.c", "defect_4_leak_is_told_and_stays_known"),
    (4, "door and the counter of events overwrite each other",
     "tasmota/test_telemetry.c", "defect_4_door_counts_its_own_movements"),
    (5, "events are swallowed by Status",
     "gateway/test_machine.c", "defect_5_status_takes_no_event"),
    (5, "events are swallowed by rules",
     "tasmota/test_rules.c", "rules_and_messages_take_no_event_from_each_other"),
    (5, "events are swallowed by telemetry",
     "tasmota/test_telemetry.c", "defect_5_a_round_of_telemetry_takes_no_event"),
    (6, "a message about one sensor replaces the retained report",
     "tasmota/test_telemetry.c", "defect_6_a_message_about_one_sensor_is_never_retained"),
    (6, "sensors never heard are told with RSSI 0, and no time of the last packet",
     "tasmota/test_telemetry.c", "lists_all_sensors_also_those_never_heard"),
    (8, "mi32cfg of more than 2048 bytes is cut",
     "registry/test_config.c", "a_hundred_sensors"),
    (8, "entries behind a bad one are lost",
     "registry/test_config.c", "a_damaged_file_loses_nothing_else"),
    (9, "no version 4, no capability byte in encrypted frames",
     "beacon/test_frames.c", "frames_say_what_they_should"),
    (9, "a wrong key stays wrong when the right one works",
     "registry/test_values.c", "a_wrong_key_is_told_from_none"),
    (9, "no check for replays but the last counter",
     "registry/test_attacks.c", "record_and_replay_encrypted_frame"),
    (9, "a replayed event is told again",
     "tasmota/test_telemetry.c", "defect_9_a_replayed_event_is_not_told"),
    (10, "only the first object of a frame counts",
     "beacon/test_vectors.c", "every_vector_gives_what_it_says"),
    (10, "so the battery beside a temperature is lost (V6, V17)",
     "tasmota/test_telemetry.c", "each_example"),
    (11, "a damaged or forged frame makes a sensor",
     "registry/test_people.c", "auto_add_lists_what_is_understood"),
    (14, "TempUnit says F, the values are Celsius",
     "tasmota/test_telemetry.c", "decimals_and_fahrenheit_are_those_of_the_settings"),
    (16, "reports without values",
     "tasmota/test_telemetry.c", "lists_all_sensors_also_those_never_heard"),
)
# HomeKit, the dashboard, Berry's classes and the page that makes keys have tests of their own rooms.
ELSEWHERE = {7, 12, 13, 15}


def is_run(path, test):
    """Defined, and named once more: in the list of tests."""
    text = path.read_text() if path.exists() else ""
    return (re.search(rf"^static void {test}\(void \*\*state\)$", text, re.M) is not None and
            len(re.findall(rf"\b{test}\b", text)) >= 2)


missing = [f"{number}: {what}: no {test} in {place}"
           for number, what, place, test in DEFECTS if not is_run(UNIT / place, test)]
for line in missing:
    print(line)
assert {number for number, *_ in DEFECTS} | ELSEWHERE == set(range(1, 17))
sys.exit(bool(missing))
