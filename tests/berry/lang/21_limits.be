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
# natives that call scripts that call natives; a handler in each frame
def through_natives(n) return n ? call(through_natives, n - 1) : 0 end
check.raises(/-> through_natives(100000), "runtime_error")
def many_handlers(n) try if n return many_handlers(n - 1) end raise "bottom" except "other" end end
check.raises(/-> many_handlers(100), "bottom")
class Iter def iter() for i : Iter() end end end
check.raises(/-> call(def () for i : Iter() end end), "runtime_error")
class Hash def hash() return {Hash(): 1} ? 1 : 1 end end
check.raises(/-> {Hash(): 1}, "runtime_error")
class Lt def <(o) return Lt() < o end end
check.raises(/-> Lt() < 1, "runtime_error")
class Set def setmember(n, v) self.(n + "x") = v end end
check.raises(def () Set().a = 1 end, "runtime_error")
class Bool def tobool() return Bool() ? true : false end end
check.raises(/-> Bool() ? 1 : 2, "runtime_error")
def in_compile(n) return compile("return in_compile2(" + str(n) + ")")() end
import global
global.in_compile2 = / n -> in_compile(n + 1)
check.raises(/-> in_compile(0), "runtime_error")
# nesting in every construct of the grammar is refused, not followed down
for part : [["[", ""], ["{1:", ""], ["print(", ""], ["(", ""], ["!", ""], ["-", "x"], ["~", ""], ["/->", "1"], ["1 ? ", ""], ["1 ? 1 : ", ""], ["a := ", ""], ["if 1 ", ""], ["while 1 ", ""], ["for i : 0..1 ", ""], ["do ", ""],
    ["try ", ""], ["def () ", ""], ["def f() ", ""], ["class A static class ", ""], ["class A def f() ", ""], ["class A static a = def () ", ""], ["print[", ""], ["print.(", ""], ["1 .. -", ""], ["[/a->{1:", ""]]
    check.refused(part[0] * (32000 / size(part[0])) + part[1])
end
assert(compile("return " + "1 + " * 2000 + "1")() == 2001)
assert(compile("return " + "true && " * 2000 + "true")() == true && compile("return " + "nil || " * 2000 + "1")() == true)
assert(compile("return print" + ".x" * 0 + "")() == print && size(compile("return ''" + " .. 'x'" * 1000)()) == 1000)
check.refused("f(" + "1," * 300 + "1)")
check.refused("def f(" + source(300, / i -> "a" + str(i) + ",") + "z) end", "register overflow (more than 255)")
assert(compile("class Wide " + source(300, / i -> "var v" + str(i) + " ") + " end var w = Wide() w.v299 = 5 return w.v299")() == 5)
# a list, a map and a string as large as memory allows grow and go
var large = [] large.resize(is_small ? 500 : 100000) large[-1] = 1
assert(large.find(1) == size(large) - 1)
large = nil
