# Section 9: raise, try, except, and what the engine raises.
import check
def catch(f) try f() except .. as e, m return [e, m] end end
assert(catch(def () raise "a", "b" end) == ["a", "b"] && catch(def () raise "a" end) == ["a", nil])
assert(catch(def () raise 5, [1] end) == [5, [1]])
def which(v)
    try raise v
    except "a", "b" return "ab"
    except 1 as e return e
    except "c" as e, m return [e, m]
    except .. as e return "other " .. e
    end
end
assert(which("a") == "ab" && which("b") == "ab" && which(1) == 1 && which("c") == ["c", nil] && which("z") == "other z")
check.raises(def () try raise "x", "m" except "y" end end, "x", "m")
# what is not matched, and what a handler raises, goes on outwards
def outer()
    try
        try raise "one" except "two" end
    except "one" as e
        try raise "three", "m" except "three" as e2, m raise e + e2, m end
    end
end
assert(catch(outer) == ["onethree", "m"])
check.raises(def () try nil.x() except .. as e, m raise e, m end end, "attribute_error", "'nil' value has no method 'x'")
# through natives, iterators, operators, callbacks, constructors
class E def +(o) raise "plus" end def init(x) if x raise "in init" end end def tostring() raise "in tostring" end def item(i) raise "in item" end def iter() raise "in iter" end def ==(o) raise "in eq" end def deinit() end end
assert(catch(/-> E() + 1)[0] == "plus" && catch(/-> E(1))[0] == "in init" && catch(/-> str(E()))[0] == "in tostring")
assert(catch(/-> E()[1])[0] == "in item" && catch(def () for x : E() end end)[0] == "in iter" && catch(/-> [E()] == [E()])[0] == "in eq")
assert(catch(/-> [E()].find(1))[0] == "in eq" && catch(/-> print([1, E()]))[0] == "in tostring" && catch(/-> call(def () raise "in call" end))[0] == "in call")
assert(catch(/-> {1: E()}.tostring())[0] == "in tostring" && catch(/-> "a" .. E())[0] == "in tostring" && catch(/-> format("%s", E()))[0] == "in tostring")
# errors of the engine, and the values of locals after them
var a = 1
try a = 2 a = nil + 1 except "type_error" end
assert(a == 2)
# a hundred thousand times in one frame, by the engine and by raise
var n = 0
for i : 1..20000 try [1][5] except "index_error" n += 1 end end
for i : 1..20000 try raise "x" except "x" n += 1 end end
assert(n == 40000)
# the comparison is evaluated then, with ==
class Pattern def ==(o) return o == "p" end end
def dynamic() return "dyn" end
try raise "dyn" except dynamic() n = 1 end
assert(n == 1)
try raise "x" except .. as e assert(e == "x") end
check.refused("try 1 end", "expected 'except' before 'end'")
check.raises(/-> assert(false), "assert_failed", "assert failed!")
check.raises(/-> assert(0, "text"), "assert_failed", "text")
check.raises(/-> assert(), "assert_failed")
# return from handlers, nested functions with their own handlers
def r() try raise "x" except "x" return 5 end end
assert(r() == 5)
def deep(n) if n == 0 raise "bottom", "m" end deep(n - 1) end
assert(catch(/-> deep(100)) == ["bottom", "m"])
# which clause takes what
def pick(e)
    try raise e, "m"
    except 1, 1.5, nil, true as x return ["basic", x]
    except "a" .. "b" return "joined"
    except list as x return ["class", x]
    except .. as x, m return ["other", m]
    end
end
assert(pick(1)[0] == "basic" && pick(1.0)[0] == "basic" && pick(1.5)[0] == "basic" && pick(nil) == ["basic", nil] && pick(true)[0] == "basic")
assert(pick("ab") == "joined" && pick(list) == ["class", list] && pick("x") == ["other", "m"] && pick(false) == ["other", "m"])
class Err var code def init(c) self.code = c end end
var thrown = nil
try raise Err(5), {"k": 1} except .. as e, m thrown = [e.code, m["k"]] end
assert(thrown == [5, 1])
# a pattern that raises replaces the exception; so does the handler's body
check.raises(def () try raise "x" except nil + 1 end end, "type_error")
check.raises(def () try raise "x" except "x" raise "y", 2 end end, "y")
# nothing raised: no clause runs, values stay
def fine() var n = 1 try n = 2 except .. n = 3 end return n end
assert(fine() == 2)
# every name the engine raises
import string
for pair : [["1 / 0", "divzero_error"], ["nil.x", "attribute_error"], ["nil + 1", "type_error"], ["[][1]", "index_error"], ["{}[1]", "key_error"], ["range(1)", "value_error"],
    ["import nowhere9", "import_error"], ["open('/no/such')", "io_error"], ["compile(')')", "syntax_error"], ["assert(nil)", "assert_failed"], ["'x' * 99999", "runtime_error"], ["[].iter()()", "stop_iteration"]]
    check.raises(compile(pair[0]), pair[1])
end
# texts longer than any buffer arrive whole
check.raises(/-> assert(false, "long " * 200), "assert_failed", "long " * 200)
check.raises(/-> {}["key" * 300], "key_error", "key" * 300)
check.raises(def () raise "e" * 500, "m" * 5000 end, "e" * 500, "m" * 5000)
# in the middle of expressions, arguments and loops nothing is lost
def middle()
    var out = []
    for i : 0..3
        try out.push([i, i == 2 ? nil + 1 : i, {1: i}]) except .. out.push("err") end
    end
    return size(out) == 4 && out[2] == "err" && out[3][1] == 3
end
assert(middle())
def cleanup(log) try try raise "a" except .. as e, m log.push("inner") raise e, m end except "a" log.push("outer") end return log end
assert(cleanup([]) == ["inner", "outer"])
check.refused("try 1 except end", "unexpected symbol near 'end'")
check.refused("try 1 except 1,", "unexpected symbol near 'EOS'")
check.refused("except", "unexpected symbol near 'except'")
# what an exception carries out keeps the variables of the function that ended
def carries() var a = 1 raise def () a += 1 return a end end
def clobbers(a, b, c, d) return a end
try carries() except .. as g clobbers(7, 7, 7, 7) assert(g() == 2 && g() == 3) end
# also from far below the variables of the one who catches
def sinks(n) if n sinks(n - 1) else carries() end end
def refills(n) var a = 7, b = 7, c = 7 return n ? refills(n - 1) + a : b end
try sinks(150) except .. as g refills(150) assert(g() == 2 && g() == 3) end
