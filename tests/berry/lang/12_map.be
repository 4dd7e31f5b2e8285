# Section 12: map, and the order it shows.
import check
var m = {"a": 1, 2: "b", "a": 3}
assert(m["a"] == 3 && m[2] == "b" && size(m) == 2 && m.size() == 2 && m.tobool() && !{})
check.raises(/-> m["x"], "key_error", "x")
check.raises(/-> m[nil], "key_error", "nil")
m[nil] = 5 assert(size(m) == 2 && !m.contains(nil))
m = {1: "int", 1.0: "real", "1": "string", true: "bool"}
assert(size(m) == 4 && m[1] == "int" && m[1.0] == "real" && m["1"] == "string" && m[true] == "bool")
assert(m.find(1) == "int" && m.find(7) == nil && m.find(7, 8) == 8 && m.contains("1") && !m.contains("2"))
assert(m.insert(5, 6) == true && m.insert(5, 7) == false && m[5] == 6)
assert(m.remove(5) == nil && m.remove(99) == nil && !m.contains(5))
m.setitem("s", 1) assert(m.item("s") == 1)
var keys = [], values = []
for k : {"x": 1}.keys() keys.push(k) end
for v : {"x": 1} values.push(v) end
assert(keys == ["x"] && values == [1])
for bad : ["values", "copy", "clear", "has"] check.raises(/-> m.(bad)(), "attribute_error") end
check.raises(/-> m + m, "attribute_error", "the 'map' object has no method '+'")
# the order of upstream
var o = {}
for i : 0..9 o[i] = i end
assert(str(o) == "{0: 0, 1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 6, 7: 7, 8: 8, 9: 9}")
m = {} m["self"] = m assert(str(m) == "{'self': {...}}")
# identity and own hashes as keys
class K var v def init(v) self.v = v end def hash() return self.v % 3 end def ==(o) return isinstance(o, K) && self.v == o.v end end
m = {}
for i : 0..29 m[K(i)] = i end
for i : 0..29 assert(m[K(i)] == i) end
for i : range(0, 29, 2) m.remove(K(i)) end
assert(size(m) == 15 && m.find(K(4)) == nil && m[K(5)] == 5)
class P end
var p = P() m = {p: 1, P: 2, print: 3, [1]: 4}
assert(m[p] == 1 && m.find(P()) == nil && m[P] == 2 && m[print] == 3 && m.find([1]) == nil)
# many keys, removed while iterating
m = {}
for i : 0..999 m["k" .. i] = i end
assert(size(m) == 1000 && m["k500"] == 500)
var n = 0
for k : m.keys() if m[k] % 2 m.remove(k) end n += 1 end
assert(size(m) < 1000 && n >= 500 && n <= 1000) # what moves into a place already passed is not seen
for i : 0..999 if i % 2 m.remove("k" .. i) end end
assert(size(m) == 500)
for i : 0..999 assert(m.contains("k" .. i) == (i % 2 == 0)) end
for i : 0..999 m.remove("k" .. i) end
assert(size(m) == 0 && str(m) == "{}")
m["again"] = 1 assert(m["again"] == 1)
# inserting while iterating neither loops forever nor fails
m = {0: 0} n = 0
for v : m n += 1 if n < 50 m[n] = n end end
assert(n >= 1)
# == and hash that change the map while it is searched
class Evil var m def init(m) self.m = m end def hash() return 1 end def ==(o) for i : 0..20 self.m[i] = i end return false end end
m = {} m[Evil(m)] = 1 m[Evil(m)] = 2
assert(size(m) >= 2)
# keys of every type; the text of a missing one
m = {nil: 1, false: 2, -1: 3, 0.5: 4, "": 5, print: 6}
assert(size(m) == 5 && m[false] == 2 && m[-1] == 3 && m[0.5] == 4 && m[""] == 5 && m[print] == 6)
for pair : [["[1]", "[1]"], ["1.5", "1.5"], ["true", "true"], ["list", "<class: list>"]] check.raises(compile("return {}[" + pair[0] + "]"), "key_error", pair[1]) end
assert(m.find(nil) == nil && m.find(nil, 7) == 7 && !m.contains(nil) && m.remove(nil) == nil && m.insert(nil, 1) == false && m.setitem(nil, 1) == nil && size(m) == 5)
assert(m.insert("new") == true && m["new"] == nil && m.contains("new") && m.find("new", 3) == nil)
check.raises(/-> m.item("gone"), "key_error", "gone")
assert({1: 1, 1: 2}[1] == 2 && size({1: 1, 1: 2}) == 1 && {"a": {"b": [1]}}["a"]["b"][0] == 1)
m = {"n": 1} m["n"] += 5 m["n"] *= 2
assert(m["n"] == 12)
check.raises(def () m["missing"] += 1 end, "key_error", "missing")
assert(!({} == {}) && {} != {} && m == m && !m.tobool() == false && {}.tostring() == "{}")
# changing the values and removing the current key while iterating are safe
m = {} for i : 0..9 m[i] = i end
for k : m.keys() m[k] += 100 end
assert(m[0] == 100 && m[9] == 109 && size(m) == 10)
class Same def hash() return 1 end end # no ==: identity
m = {} var s1 = Same(), s2 = Same()
m[s1] = 1 m[s2] = 2
assert(m[s1] == 1 && m[s2] == 2 && size(m) == 2)
class SubMap : map end
var sm = SubMap() sm["k"] = 1
assert(sm["k"] == 1 && str(sm) == "{'k': 1}" && size(sm) == 1 && sm.find("x") == nil)
