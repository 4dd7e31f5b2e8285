#!/usr/bin/env python3
"""The program's help, its man page, its completion and its documents say the same.

usage: test_help.py MI32 REPOSITORY
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from gateway import Gateway

MI32, REPOSITORY = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
MAN_PAGE = REPOSITORY / "share/man/mi32.1"
COMPLETION = REPOSITORY / "share/completion/mi32.bash"
EXAMPLE = REPOSITORY / "share/mi32.conf.example"
EVERYWHERE = {"--help", "-h", "--version"}


def output(*command, **options):
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60,
                          **options).stdout


def subcommands():
    """As `mi32 --help` lists them."""
    names = re.findall(r"^  ([a-z]+) +\S", output(MI32, "--help"), re.MULTILINE)
    assert "run" in names and "decode" in names, names
    return names


def options_in_help(name):
    """Of one subcommand: the options that begin a line of its --help."""
    text = output(MI32, name, "--help")
    found = set(re.findall(r"^ +(?:-\w, )?(--[a-z-]+)", text, re.MULTILINE))
    return found | set(re.findall(r"^ +(-\w),", text, re.MULTILINE))


def man_page_sections():
    """Subcommand (or "everywhere") to the options its section describes."""
    text = MAN_PAGE.read_text().replace("\\-", "-")
    sections = {}
    for title, body in re.findall(r"^\.Ss (.*)\n((?:(?!\.S[hs]).*\n)*)", text, re.MULTILINE):
        items = re.findall(r"^\.It (Fl .*)", body, re.MULTILINE)
        options = {"-" + flag for item in items for flag in re.findall(r"Fl (\S+)", item)}
        sections[title.removeprefix("mi32 ").lower()] = options
    return sections


def the_man_page_tells_what_help_tells():
    sections = man_page_sections()
    assert sections.pop("everywhere") == EVERYWHERE
    assert set(sections) == set(subcommands())
    for name, described in sections.items():
        assert described == options_in_help(name) - EVERYWHERE, name


def the_man_page_has_no_mistakes():
    lint = subprocess.run(["mandoc", "-Tlint", "-W", "warning", MAN_PAGE], capture_output=True,
                          text=True, check=False)
    assert lint.returncode == 0 and lint.stdout == "", lint.stdout
    broken = subprocess.run(["mandoc", "-Tlint", "-W", "warning"], input=".Dd today\n.Sh NAME\n",
                            capture_output=True, text=True, check=False)
    assert broken.returncode != 0, "the linter finds nothing in a broken page"


def complete(*words, **options):
    """What bash offers in place of the last word."""
    script = """
        source "$1"; shift
        COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
        [ "$(complete -p mi32)" = 'complete -F _mi32 mi32' ] || exit 1
        _mi32 "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
        [ ${#COMPREPLY[@]} = 0 ] || printf '%s\\n' "${COMPREPLY[@]}"
    """
    return output("bash", "-c", script, "bash", COMPLETION, *words, **options).splitlines()


def completion_offers_what_help_tells():
    assert set(complete("mi32", "")) == set(subcommands()) | EVERYWHERE
    assert complete("mi32", "rec") == ["record"]
    for name in subcommands():
        offered = complete("mi32", name, "-")
        assert len(offered) == len(set(offered)), offered
        assert set(offered) == options_in_help(name), name
    assert complete("mi32", "run", "--check") == ["--check-config"]


def completion_knows_what_follows_an_option():
    with tempfile.TemporaryDirectory() as directory:
        pathlib.Path(directory, "house one.jsonl").touch()
        pathlib.Path(directory, "data").mkdir()
        files = {"house one.jsonl", "data"}
        at = {"cwd": directory}
        radios = complete("mi32", "run", "--radio", "")
        assert radios[:4] == ["auto", "demo", "none", "replay:"]
        assert all(name.startswith("hci") for name in radios[4:]), radios
        assert set(complete("mi32", "run", "--radio", "replay", ":", **at)) == files
        assert complete("mi32", "run", "--radio", "replay", ":", "ho", **at) == ["house one.jsonl"]
        assert complete("mi32", "run", "--data", "", **at) == ["data"]
        assert complete("mi32", "run", "--sensors", "", **at) == []
        assert complete("mi32", "decode", "h", **at) == ["house one.jsonl"]
        assert set(complete("mi32", "decode", "--keys", "", **at)) == files
        assert complete("mi32", "run", "", **at) == []


def completion_asks_the_gateway_for_its_commands():
    with Gateway(MI32, "--radio", "none") as gateway:
        gateway.ready()
        names = gateway.command("Help")[0]["Help"]
        offered = complete(MI32, "cmd", "", env=gateway.environment)
        assert sorted(offered) == sorted(names) and "MI32Key" in names
        assert complete(MI32, "cmd", "MI32K", env=gateway.environment) == ["MI32Key"]
        assert gateway.stop() == 0
        assert complete(MI32, "cmd", "MI32K", env=gateway.environment) == []


def settings_of_the_example():
    """Its lines that are a command behind a '#'; prose has a blank there."""
    return [line[1:] for line in EXAMPLE.read_text().splitlines()
            if re.match(r"#[A-Z]", line)]


def the_example_is_right_line_by_line():
    settings = settings_of_the_example()
    with tempfile.TemporaryDirectory() as directory:
        config = pathlib.Path(directory, "mi32.conf")
        for text in (EXAMPLE.read_text(), "\n".join(settings)):
            config.write_text(text)
            said = output(MI32, "run", "--check-config", "--config", config)
            assert "no mistakes" in said, said
        for setting in settings:
            config.write_text(f"{setting} surplus and more\n{setting.split()[0]}x 1\n")
            check = subprocess.run([MI32, "run", "--check-config", "--config", config],
                                   capture_output=True, text=True, check=False)
            assert check.returncode == 1 and "mi32.conf:2:" in check.stderr, check.stderr


def the_example_names_every_setting():
    """A setting is a command that shows a value when it is asked without one."""
    with Gateway(MI32, "--radio", "none") as gateway:
        gateway.ready()
        rows = re.findall(r"^#([A-Z]\w*)", EXAMPLE.read_text(), re.MULTILINE)
        for name in gateway.command("Help")[0]["Help"]:
            if re.match(r"Mqtt(?!Log)|Topic|FullTopic|GroupTopic|Prefix|Site|TelePeriod|MI32Option\d|"
                        r"SetOption|SetHA|HAPrefix|SensorRetain|TempRes|HumRes|Time|DeviceName|"
                        r"FriendlyName|Relay|Power.", name):
                assert {name, name + "1"} & set(rows), f"{name} is not in {EXAMPLE.name}"
        assert gateway.stop() == 0


def every_link_leads_to_a_file():
    pages = [*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").glob("*.md")]
    links = 0
    for page in pages:
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text()):
            if re.match(r"[a-z]+:", target):
                continue
            links += 1
            assert (page.parent / target).exists(), f"{page.name}: {target} is not there"
    assert links > 10, "the pattern finds no links"


def help_says_when_it_could_not_be_written():
    with open("/dev/full", "w", encoding="utf-8") as full:
        for command in ((MI32, "--help"), (MI32, "--version"), (MI32, "run", "--help")):
            result = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True,
                                    check=False)
            assert result.returncode == 1 and "cannot write" in result.stderr, command


def main():
    for test in (the_man_page_tells_what_help_tells, the_man_page_has_no_mistakes,
                 completion_offers_what_help_tells, completion_knows_what_follows_an_option,
                 completion_asks_the_gateway_for_its_commands, the_example_is_right_line_by_line,
                 the_example_names_every_setting, every_link_leads_to_a_file,
                 help_says_when_it_could_not_be_written):
        test()
        print(f"ok {test.__name__}", flush=True)


if __name__ == "__main__":
    os.environ.pop("RUNTIME_DIRECTORY", None)
    main()
