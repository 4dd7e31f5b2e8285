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

    def __init__(self):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ["TERM"] = "dumb"
            os.execv(MI32, [MI32, "berry"])
        self.seen = ""

    def expect(self, text):
        """Reads until `text` was printed, and forgets what came before it."""
        end = time.monotonic() + WAIT_S
        while text not in self.seen:
            left = end - time.monotonic()
            ready = select.select([self.fd], [], [], max(left, 0))[0]
            assert ready, f"waited for {text!r}, saw {self.seen!r}"
            self.seen += os.read(self.fd, 4096).decode()
        self.seen = self.seen[self.seen.index(text) + len(text):]

    def type(self, text):
        os.write(self.fd, text.encode())

    # A key that comes between a prompt and the editor's reading may be lost, so both of these are
    # pressed again until they are heard, as a person would.

    def read(self):
        """What is there within half a second. False when the other side has gone."""
        if not select.select([self.fd], [], [], 0.5)[0]:
            return True
        try:
            self.seen += os.read(self.fd, 4096).decode()
        except OSError:
            return False
        return True

    def interrupt(self, before=""):
        """Ctrl-C, until there is a new prompt."""
        end = time.monotonic() + WAIT_S
        self.type(before)
        while "> " not in self.seen:
            assert time.monotonic() < end, f"no prompt after Ctrl-C, saw {self.seen!r}"
            self.type("\x03")
            self.read()
        self.seen = ""

    def leave(self):
        """Ctrl-D, until the console has ended; its exit code."""
        end = time.monotonic() + WAIT_S
        while True:
            self.type("\x04")
            while self.read() and time.monotonic() < end and select.select([self.fd], [], [], 0)[0]:
                pass
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                return os.waitstatus_to_exitcode(status)
            assert time.monotonic() < end, f"it goes on after Ctrl-D, saw {self.seen!r}"


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


def ctrl_c_stops_the_script_and_not_the_console():
    terminal = Terminal()
    terminal.expect("> ")
    terminal.type("print('on') while true try while true end except .. end end\n")
    terminal.expect("on\r\n")
    terminal.type("\x03")
    terminal.expect("interrupted: stopped from the keyboard\r\n")
    terminal.expect("> ")
    terminal.interrupt("half a line")
    terminal.type("6 * 7\n")
    terminal.expect("\r\n42\r\n> ")
    terminal.type("def g()\n")
    terminal.expect(">> ")
    terminal.interrupt()
    terminal.type("6 * 8\n")
    terminal.expect("\r\n48\r\n> ")
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
    ctrl_c_stops_the_script_and_not_the_console()
