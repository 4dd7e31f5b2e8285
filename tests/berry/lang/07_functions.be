# Section 7: functions.
import check
import introspect
def f(a, b) return [a, b] end
assert(f() == [nil, nil] && f(1) == [1, nil] && f(1, 2, 3) == [1, 2])
def rest(a, *r) return [a, r] end
assert(rest() == [nil, []] && rest(1) == [1, []] && rest(1, 2, 3) == [1, [2, 3]])
def only(*r) return r end
assert(only() == [] && only(1, 2) == [1, 2])
def none() end
assert(none() == nil)
assert((def (a) return a end)(3) == 3)
assert(introspect.name(f) == "f" && introspect.name(/-> 1) == "<lambda>" && introspect.name(def () end) == "_anonymous_")
assert(introspect.name(compile("")) == "main" && introspect.name(compile("", "string", true)) == "loader")
def f() return "new" end
assert(f() == "new")
check.raises(/-> nil(), "type_error", "'nil' value is not callable")
check.raises(/-> 5(1), "type_error", "'int' value is not callable")
check.raises(/-> "a"(1), "type_error", "'string' value is not callable")
class C end
check.raises(/-> C()(), "type_error", "'instance' value is not callable")
check.raises(/-> check(), "type_error", "'module' value is not callable")
class Callable def ()(a) return a * 2 end end
assert(Callable()(4) == 8)
var m = module("m")
m.("()") = / a -> a + 1
assert(m(4) == 5)
# many arguments, deep calls
def many(a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12) return a1 + a12 end
assert(many(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12) == 13)
def depth(n) return n == 0 ? 0 : 1 + depth(n - 1) end
assert(depth(800) == 800)
def a(x) return x end
assert(a(a(a(a(1)))) == 1)
assert(call(f) == "new" && call(a, [5]) == 5 && call(only, 1, [2, 3]) == [1, 2, 3] && call(only, [1], 2) == [[1], 2])
assert(isinstance(call(C), C))
check.raises(/-> call(5), "value_error", "first argument must be a function or a class")
# what is left of a call: names, arguments, results
def two_rest(a, b, *r) return [a, b, r] end
assert(two_rest() == [nil, nil, []] && two_rest(1) == [1, nil, []] && two_rest(1, 2, 3, 4) == [1, 2, [3, 4]])
assert(call(two_rest, 1, [2, 3]) == [1, 2, [3]] && call(two_rest, []) == [nil, nil, []] && call(/-> 7) == 7)
def ret_many() return [1, {"a": / x -> x * 2}] end
assert(ret_many()[1]["a"](4) == 8 && (/ a, b, c -> [a, b, c])(1, 2) == [1, 2, nil] && (/ a b c -> [a, b, c])(1, 2, 3, 4) == [1, 2, 3])
assert(f == f && f != a && (/-> f)() == f && type(f) == "function" && str(f)[0..13] == "<function: 0x1"[0..12] + str(f)[13])
check.raises(/-> (0..1)(), "type_error", "'instance' value is not callable")
check.raises(/-> true(), "type_error", "'bool' value is not callable")
check.raises(/-> 1.5(), "type_error", "'real' value is not callable")
import math
check.raises(/-> math(), "type_error", "'module' value is not callable")
check.raises(/-> call(math, 1), "value_error", "first argument must be a function or a class")
check.raises(/-> call(), "value_error", "first argument must be a function or a class")
var order = []
def say(x) order.push(x) return def (*r) return size(r) end end
assert(say("f")(order.push("a"), order.push("b")) == 2)
assert(order == ["f"] + ["a", "b"])
