# Section 15: strings as values.
import check
var s = "hello"
assert(s[0] == "h" && s[-1] == "o" && s[1..2] == "el" && s[3..] == "lo" && s[-2..-1] == "lo" && s[4..2] == "" && s[9..] == "")
for i : [5, -6] check.raises(/-> s[i], "index_error", "string index out of range") end
check.raises(/-> s["a"], "index_error", "string indices must be integers")
check.raises(def () s[0] = "x" end, "type_error")
check.raises(/-> "a".size(), "attribute_error", "'string' value has no method 'size'")
assert(size("") == 0 && "a" < "b")
var long = "0123456789" * 10
assert(size(long) == 100 && long == "0123456789" * 10 && long != "0123456789" * 9 && long[0..49] == "0123456789" * 5)
var m = {long: 1}
assert(m["0123456789" * 10] == 1)
var nul = bytes("6100").tohex()
assert(nul == "6100")
var acc = ""
for i : 0..99 acc += str(i) end
assert(size(acc) == 190)
assert("abc"[0] == "a" && "abc"[-3] == "a" && "abc"[0..0] == "a" && "abc"[-1..0] == "" && "abc"[1..99] == "bc" && "\u00e9"[0] == "\xC3" && "abc"[range(0, 1, 7)] == "ab")
for i : [1.0, nil, true, [0]] check.raises(/-> "abc"[i], "index_error", "string indices must be integers") end
check.raises(/-> ""[0], "index_error", "string index out of range")
check.raises(def () for c : "abc" end end, "type_error", "'nil' value is not callable")
check.raises(/-> "a".upper, "attribute_error", "'string' value has no attribute 'upper'")
# with NULs inside: size, joining and equality see the whole
import string
var z = "a" + string.char(0) + "b"
assert(size(z) == 3 && z != "a" && z == "a" + string.char(0) + "b" && z[2] == "b" && size(z * 2) == 6 && string.find(z, "b") == 2 && {z: 1}[z] == 1 && !(z < "a") && z <= "a")
assert(string.replace(z, "b", "c")[2] == "c" && size(z .. z) == 6 && bytes().fromstring(z) == bytes("610062"))
# on both sides of the length up to which equal strings are shared
for n : 38..43 assert("x" * n == "x" * (n - 1) + "x" && "x" * n != "x" * (n - 1) + "y" && {("x" * n): n}["x" * n] == n && ["x" * n].find("x" * n) == 0) end
