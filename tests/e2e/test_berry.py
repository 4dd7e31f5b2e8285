#!/usr/bin/env python3
"""`mi32 berry`: files, code, the console through a pipe and through a terminal; exit codes and errors;
the examples of docs/berry.md.

usage: test_berry.py MI32 REPOSITORY
"""
import os
import pathlib
import pty
import re
import select
import signal
import subprocess
import sys
import tempfile
import time

MI32, REPOSITORY = sys.argv[1], pathlib.Path(sys.argv[2])
WAIT_S = 120  # generous: the machine may be busy


def berry(*arguments, given="", code=0, cwd=None):
    """What it printed, on standard output alone."""
    done = subprocess.run([MI32, "berry", *arguments], input=given, capture_output=True, text=True,
                          cwd=cwd, timeout=WAIT_S)
    assert done.returncode == code, (arguments, done.returncode, done.stdout, done.stderr)
    return done.stdout


def script(directory, name, text):
    path = pathlib.Path(directory) / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return str(path)


def a_file_gets_its_arguments():
    with tempfile.TemporaryDirectory() as directory:
        path = script(directory, "a.be", "print(_argv[1..2], size(_argv))\n")
        assert berry(path, "x", "-y") == "['x', '-y'] 3\n"
        assert berry(path, "x", given="ignored") == "['x'] 2\n"
        assert berry("-e", "print(_argv)", "a", "b") == "['a', 'b']\n"


def errors_name_file_line_and_calls():
    with tempfile.TemporaryDirectory() as directory:
        path = script(directory, "t.be", "def g(x)\n  return 1 + x\nend\n\ncall(g)\n")
        assert berry(path, code=1) == (
            "type_error: unsupported operand type(s) for +: 'int' and 'nil'\n"
            "stack traceback:\n"
            f"\t{path}:2: in function `g`\n"
            "\t<native>: in native function\n"
            f"\t{path}:5: in function `main`\n")
        path = script(directory, "s.be", "var a = 1\n\nif a\n")
        assert berry(path, code=1) == f"syntax_error: {path}:4: expected 'end' before 'EOS'\n"
        script(directory, "inner.be", "\nraise 'mine', 5\n")
        path = script(directory, "outer.be", "import inner\n")
        assert berry(path, code=1).startswith(
            f"mine: 5\nstack traceback:\n\t{directory}/inner.be:2: in function `main`\n")
        missing = str(pathlib.Path(directory) / "none.be")
        assert berry(missing, code=254) == f"error: cannot open file '{missing}'.\n"


def exit_codes_are_the_scripts():
    for code, status in (("os.exit()", 0), ("os.exit(7)", 7), ("os.exit(true)", 0),
                         ("os.exit(false)", 255), ("try os.exit(3) except .. end", 3)):
        assert berry("-e", f"import os {code} print('never')", code=status) == ""
    berry("-e", "raise 'x'", code=1)
    berry("--steps", "many", code=2)


def options_reach_the_engine():
    assert "strict: no global 'q'" in berry("--strict", "-e", "def f() q = 1 end", code=1)
    assert berry("-e", "def f() q = 1 return q end print(f())") == "1\n"
    assert "'g' undeclared" in berry(
        "-g", "-e", "g = 1 def f() return g end import global global.undef('g') f()", code=1)
    assert berry("--heap", "400", "-e", "var s = 'x' while true s += s end", code=1).startswith(
        "memory_error: out of memory\n")
    assert berry("--steps", "10000", "-e", "while true end", code=1).startswith(
        "timeout_error: Berry code running for too long\n")
    with tempfile.TemporaryDirectory() as directory:
        script(directory, "lib/found.be", "return 'found'\n")
        assert berry("-m", f"{directory}/lib", "-e", "import found print(found)") == "found\n"


def files_and_folders_are_this_machines():
    with tempfile.TemporaryDirectory() as directory:
        code = """
import os
assert(os.getcwd() == _argv[0] && os.mkdir('d') && os.path.isdir('d') && os.chdir('d'))
var f = open('x', 'w') f.write('one\\ntwo\\n') f.close()
assert(os.listdir() == ['x'] && os.path.isfile('x') && open('x').size() == 8)
f = open('x', 'a') f.write('three') f.close()
assert(open('x').read() == 'one\\ntwo\\nthree' && os.system('exit 3') == 3)
assert(os.remove('x') && os.listdir() == [] && os.chdir('..') && os.remove('d'))
try open('.') assert(false) except 'io_error' as e, m print(m) end
import time
assert(time.time() > 1000000000 && time.dump(0)['epoch'] == 0)
"""
        real = os.path.realpath(directory)
        assert berry("-e", code, real, cwd=directory) == "cannot open file '.'\n"
        assert berry("-e", "print(input('? '), input(), input())", given="a\nb\n") == "a b nil\n"


def the_console_reads_a_pipe():
    told = berry(given="""1 + 2
"a\\nb" # a comment
def f(a)
  return a * 2
end
f(4)
[1,
"x"]
nil
var x = 5
x
if x == 5
print("yes")
end
f(nil)
nope
x = )
'after all'
""")
    assert told == """3
'a\\nb'
8
[1, 'x']
5
yes
type_error: unsupported operand type(s) for *: 'nil' and 'int'
stack traceback:
	stdin:2: in function `f`
	stdin:1: in function `main`
syntax_error: stdin:1: 'nope' undeclared (first use in this function)
syntax_error: stdin:1: unexpected symbol near ')'
'after all'
"""
    assert berry(given="import os\nos.exit(5)\nprint(1)\n", code=5) == ""
    assert berry("-i", "-e", "var kept = 6", given="kept\n") == "6\n"


def the_guide_tells_the_truth():
    """Each example of the guide prints what stands behind its #> marks."""
    guide = (REPOSITORY / "docs/berry.md").read_text()
    examples = re.findall(r"^```berry\n(.*?)^```", guide, re.M | re.S)
    assert len(examples) > 10
    for example in examples:
        wanted = "".join(re.findall(r"^#> (.*\n)", example, re.M))
        with tempfile.TemporaryDirectory() as directory:
            script(directory, "example.be", example)
            told = berry("example.be", code=int("stack traceback" in wanted), cwd=directory)
        assert told == wanted, (example, told)


class Terminal:
    """The console on a terminal of its own."""

    def __init__(self, arguments=(), ahead=""):
        """`ahead` is typed before the console is there."""
        wait, go = os.pipe()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ["TERM"] = "dumb"
            os.read(wait, 1)
            os.execv(MI32, [MI32, "berry", *arguments])
        self.seen = ""
        self.type(ahead)
        os.write(go, b"g")
        os.close(wait)
        os.close(go)

    def expect(self, text):
        """Reads until `text` was printed, and forgets what came before it."""
        while text not in self.seen:
            assert self.read(), f"waited for {text!r}, saw {self.seen!r}"
        self.seen = self.seen[self.seen.index(text) + len(text):]

    def type(self, text):
        os.write(self.fd, text.encode())

    def wait_until_it_waits(self):
        """For a key, or stopped: it is asleep."""
        end = time.monotonic() + WAIT_S
        while pathlib.Path(f"/proc/{self.pid}/stat").read_text().rpartition(") ")[2][0] not in "ST":
            assert time.monotonic() < end, f"it works on, saw {self.seen!r}"

    def leave(self):
        """Ctrl-D; the exit code."""
        self.type("\x04")
        return self.end()

    def end(self):
        while self.read():
            pass
        os.close(self.fd)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def read(self):
        """Waits for more. False when the other side has gone."""
        assert select.select([self.fd], [], [], WAIT_S)[0], f"it goes on, saw {self.seen!r}"
        try:
            self.seen += os.read(self.fd, 4096).decode()
        except OSError:
            return False
        return True


def the_console_edits_lines():
    terminal = Terminal()
    terminal.expect("> ")
    terminal.type("40 + 3\x7f2\n")  # a typing error, taken back
    terminal.expect("\r\n42\r\n> ")
    terminal.type("def f()\n")
    terminal.expect(">> ")
    terminal.type("return 'done'\n")
    terminal.expect(">> ")
    terminal.type("end\n")
    terminal.expect("> ")
    terminal.type("f()\n")
    terminal.expect("\r\n'done'\r\n> ")
    assert terminal.leave() == 0


def an_interrupt_is_an_error_of_the_script():
    """Which it can't catch; the exit code is that of an error."""
    terminal = Terminal(arguments=("-e",
                                   "print('on') while true try while true end except .. end end"))
    terminal.expect("on\r\n")
    os.kill(terminal.pid, signal.SIGINT)
    terminal.expect("interrupted: stopped from the keyboard\r\n")
    assert terminal.end() == 1


# With Ctrl-C the kernel throws away what is on its way to the terminal, so that the prompt which
# answers it may not be seen; what is typed behind it is.


def ctrl_c_stops_the_script_and_not_the_console():
    terminal = Terminal()
    terminal.expect("> ")
    terminal.type("print('on') while true try while true end except .. end end\n")
    terminal.expect("on\r\n")
    terminal.type("\x031 + 1\n")
    terminal.expect("\r\n2\r\n> ")
    terminal.type("half a line\x036 * 7\n")
    terminal.expect("\r\n42\r\n> ")
    terminal.type("def g()\n")
    terminal.expect(">> ")
    terminal.type("\x036 * 8\n")
    terminal.expect("\r\n48\r\n> ")
    assert terminal.leave() == 0


def a_resized_window_or_a_pause_ends_no_line():
    """As Ctrl-Z and fg make it: the process stops, and goes on."""
    terminal = Terminal()
    terminal.expect("> ")
    for number, signals in enumerate(((signal.SIGWINCH,), (signal.SIGSTOP, signal.SIGCONT))):
        terminal.type(f"{number} + ")
        terminal.expect(f"{number} + ")
        for one in signals:
            terminal.wait_until_it_waits()
            os.kill(terminal.pid, one)
        terminal.type("41\n")
        terminal.expect(f"\r\n{number + 41}\r\n> ")
    assert terminal.leave() == 0


def keys_count_from_when_they_are_pressed():
    """Also before the console has the terminal, where the kernel makes a NUL of Ctrl-D."""
    for keys, told in (("\x04", "> "), ("1 + 41\n\x04", "\r\n42\r\n> "), ("\x04\x047\n", "> ")):
        terminal = Terminal(ahead=keys)
        terminal.expect(told)
        assert terminal.end() == 0
    terminal = Terminal()
    terminal.expect("> ")
    for number in range(30):  # Ctrl-C finds the last script, the way to the prompt, or the prompt
        terminal.type(f"\x03print('the', {number})\n")
        terminal.expect(f"\r\nthe {number}\r\n")
    assert terminal.leave() == 0


if __name__ == "__main__":
    a_file_gets_its_arguments()
    errors_name_file_line_and_calls()
    exit_codes_are_the_scripts()
    options_reach_the_engine()
    files_and_folders_are_this_machines()
    the_guide_tells_the_truth()
    the_console_reads_a_pipe()
    the_console_edits_lines()
    an_interrupt_is_an_error_of_the_script()
    ctrl_c_stops_the_script_and_not_the_console()
    a_resized_window_or_a_pause_ends_no_line()
    keys_count_from_when_they_are_pressed()
