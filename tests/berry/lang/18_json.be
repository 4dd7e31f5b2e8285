# Section 18: the module json.
import check
import json
var m = json.load('{"a": [1, -2.5, true, false, null, "x\\u00e9\\n"], "b": {}, "a": 5}')
assert(m["a"] == [1, -2.5, true, false, nil, "x\u00e9\n"] && size(m["b"]) == 0)
assert(json.load("5") == 5 && type(json.load("5.0")) == "real" && type(json.load("1e2")) == "real" && json.load("-0") == 0 && json.load(' "x" ') == "x" && json.load("[]") == [])
for bad : ["", "{", "[1,]", "{\"a\":1,}", "01", "1.", ".5", "1e", "+1", "'a'", "[1] x", "nul", "\"a\nb\"", "{a:1}", "[1 2]", "\"\\x\"", "\"\\u12\"", "-", "tru", "99999999999999999999", "{\"a\"}", "\"abc"]
    assert(json.load(bad) == nil, bad)
end
assert(json.load(5) == nil)
assert(json.load("\"\\ud83d\\ude00\"") == "\xF0\x9F\x98\x80" && json.load("\"\\/\\b\\f\"") == "/\b\f")
import math
assert(json.load(str(math.imax)) == math.imax && json.load(str(math.imin)) == math.imin && json.load(str(math.imin + 1)) == math.imin + 1)
assert(json.dump([1, 1.5, nil, true, "a\"b\\\n\x01/\u00e9", {}, []]) == '[1,1.5,null,true,"a\\"b\\\\\\n\\u0001/\u00e9",{},[]]')
assert(json.dump({"k": 1}) == '{"k":1}' && json.dump({1: 2}) == '{"1":2}' && json.dump(math.nan) == "null" && json.dump(math.inf) == "null")
assert(json.dump({"a": [1, {}]}, "format") == "{\n  \"a\": [\n    1,\n    {\n    }\n  ]\n}")
class L : list end
var l = L() l.push(1)
assert(json.dump(l) == "[1]" && json.dump(0..1) == '"(0..1)"' && json.dump(L) == '"<class: L>"')
class T def tostring() return "t\"" end end
assert(json.dump([T()]) == '["t\\""]')
assert(json.load(json.dump({"x": [1, 2, {"y": nil}]}))["x"][2].contains("y"))
# depth is limited, not the stack of C
l = [] for i : 0..(math.imax == 2147483647 ? 500 : 5000) l = [l] end
check.raises(/-> json.dump(l), "runtime_error")
check.raises(/-> str(l), "runtime_error")
check.raises(/-> json.load("[" * 5000), "runtime_error")
l = [] l.push(l)
check.raises(/-> json.dump(l), "runtime_error")
# strictness, and what stays as it is
for bad : ["[", "]", "[,]", "{,}", "{\"a\":}", "{\"a\" 1}", "[1,,2]", "-01", "1.e1", "1e+", "--1", "0x1", "NaN", "Infinity", "TRUE", "\"\\u00g0\"", "\"\t\"", "[1]]", "{}{}", "1 2", "/**/1", "\"a", "[\"a]", "{\"a\":1", "nulll", "\xEF\xBB\xBF1"]
    assert(json.load(bad) == nil, bad)
end
assert(json.load(" \t\n\r[ 1 , 2 ] \n") == [1, 2] && json.load("\"\"") == "" && json.load("{\"\":0}")[""] == 0 && json.load("-0.0") == 0 && json.load("1E2") == 100 && json.load("0") == 0)
assert(json.load("\"\\ud83d\"") == "\ud83d" && json.load("\"\\ude00\"") == "\ude00" && size(json.load("\"\\u0000\"")) == 1 && json.load("\"\u00e9\"") == "\u00e9")
assert(type(json.load("1.0")) == "real" && type(json.load("1")) == "int" && json.load() == nil && json.load(nil) == nil && json.load("null") == nil && json.load("[null]") == [nil])
assert(json.dump("\b\f\r\t\x1f\x7f/") == '"\\u0008\\u000C\\r\\t\\u001F\x7f/"' && json.dump(nil) == "null" && json.dump() == "null" && json.dump("") == '""' && json.dump(1.0) == "1" && json.dump(0.1) == "0.1" && json.dump(-math.inf) == "null")
assert(json.dump([[], {}, [[]]]) == "[[],{},[[]]]" && json.dump([], "format") == "[\n]" && json.dump({}, "format") == "{\n}" && json.dump([1, 2], "format") == "[\n  1,\n  2\n]" && json.dump([1], "other") == "[1]")
assert(json.dump({true: 1}) == '{"true":1}' && json.dump({nil: 1}) == "{}" && json.dump(bytes("01")) == '"bytes(\'01\')"' && json.dump(json) == '"<module: json>"')
class JM : map end
var jm = JM() jm["x"] = [JM()]
assert(json.dump(jm) == '{"x":[{}]}')
class Raises def tostring() raise "no text" end end
check.raises(/-> json.dump([Raises()]), "no text")
var deep_ok = math.imax == 2147483647 ? 20 : 500
var text = "[" * deep_ok + "]" * deep_ok
assert(json.dump(json.load(text)) == text)
