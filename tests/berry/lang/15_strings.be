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
