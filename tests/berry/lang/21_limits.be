# Section 21: what is limited, and that it ends in an exception that can be caught.
import check
import string
import math
var is_small = math.imax == 2147483647 # the stack of C is small there too
def forever(n) return 1 + forever(n + 1) end
for i : 0..2
    try forever(0) assert(false) except "runtime_error" as e, m assert(string.find(m, "stack overflow") == 0, m) end
end
class R def item(i) return self[i] end def tostring() return str(self) end def ==(o) return self == o end def init(n) if n R(n) end end def +(o) return self + o end def member(n) return self.("x" + n) end end
check.raises(/-> R()[1], "runtime_error")
check.raises(/-> str(R()), "runtime_error")
check.raises(/-> R() == 1, "runtime_error")
check.raises(/-> R(1), "runtime_error")
check.raises(/-> R() + 1, "runtime_error")
check.raises(/-> R().x, "runtime_error")
# many locals and captured variables, long literals, deep parentheses
def source(n, f) var s = "" for i : 0..n-1 s += f(i) end return s end
var locals = "def f() " + source(240, / i -> "var v" .. i .. " = " .. i .. " ") + " return v0 + v239 end return f()"
assert(compile(locals)() == 239)
check.refused("def f() " + source(300, / i -> "var v" .. i .. " ") + "end", "register overflow (more than 255)")
var items = is_small ? 500 : 3000
assert(size(compile("return [" + source(items, / i -> str(i) + ",") + "]")()) == items)
assert(compile("return {" + source(items, / i -> str(i) + ":" + str(i) + ",") + "}")()[items - 1] == items - 1)
var levels = is_small ? 12 : 500
assert(compile("return " + "(" * levels + "1" + ")" * levels)() == 1)
check.refused("return " + "(" * 5000 + "1" + ")" * 5000, "nesting is too deep")
check.refused("return " + "-" * 9000 + "x")
check.refused("do " * 5000, "nesting is too deep")
check.refused("[" * 5000)
assert(compile("var s = 0 " + source(200, / i -> "s += " .. i .. ".5 ") + "return s")() == 20000)
var lines = is_small ? 500 : 9000
assert(compile("var a = 0 if true " + source(lines, / i -> "a += 1 ") + "end return a")() == lines)
