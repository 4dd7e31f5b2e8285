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
