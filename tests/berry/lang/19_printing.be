# Section 19: the text of values.
import check
import string
assert(str(1.0) == "1" && str(1e6) == "1e+06" && str(1/3.0) == "0.333333" && str(100000.0) == "100000" && str(-0.0) == "-0" && str(123456.0) == "123456")
import math
assert(str(math.inf) == "inf" && str(-math.inf) == "-inf" && str(math.nan) == "nan" && str(-math.nan) == "nan")
assert(str(true) == "true" && str(-5) == "-5" && str(math.imin)[0] == "-")
assert(str([1, 'a', nil, 1.5, true]) == "[1, 'a', nil, 1.5, true]" && str([]) == "[]" && str({}) == "{}")
assert(str(["a'b\\c\nd\re\tf\x01\"g"]) == "['a\\'b\\\\c\\nd\\re\\tf\\x01\"g']")
assert(str({"k": ["v", {2: [3]}]}) == "{'k': ['v', {2: [3]}]}")
assert(string.find(str(print), "<function: 0x") == 0 && string.find(str(/->1), "<function: 0x") == 0)
class A end
assert(str(A) == "<class: A>" && str(A()) == "<instance: A()>" && str(math) == "<module: math>" && string.find(str(module()), "<module: 0x") == 0)
class T def tostring() return "it's" end end
assert(str([T()]) == "[it's]")
var l = [1] l.push([l]) assert(str(l) == "[1, [[...]]]")
# numbers at their edges; containers in containers; subclasses; views
assert(str(0.1 + 0.2) == "0.3" && str(1e-5) == "1e-05" && str(123456789.0) == "1.23457e+08" && str(-1.5) == "-1.5" && str(1e100)[0..1] == "1e" || math.imax == 2147483647)
assert(str(0) == "0" && str(math.imax)[0..3] == (math.imax == 2147483647 ? "2147" : "9223") && str(0x7F) == "127" && str(-0) == "0")
assert(str([[], {}, [nil], {"a": []}, 1..2, bytes("01"), "x"]) == "[[], {}, [nil], {'a': []}, (1..2), bytes('01'), 'x']")
assert(str({"it's": "a\nb"}) == "{'it\\'s': 'a\\nb'}" && str(["\xff\u00e9"]) == "['\xff\u00e9']" && str("\n'") == "\n'")
class SL : list end class SM : map end
var sl = SL() sl.push("a") var sm = SM() sm[1] = sl
assert(str(sl) == "['a']" && str(sm) == "{1: ['a']}" && str([T(), {T(): T()}]) == "[it's, {it's: it's}]")
class Child : T end
assert(str(super(Child())) == "it's" && str(Child) == "<class: Child>" && str([Child]) == "[<class: Child>]")
var mm = {} mm["m"] = [mm] assert(str(mm) == "{'m': [{...}]}")
import introspect
assert(str(introspect.toptr(255)) == "<ptr: 0xff>" && string.find(str([print]), "[<function: 0x") == 0 && str(undefined_name_ := nil) == "nil")
