# Section 11: list.
import check
var l = [1, 2, 3, 4]
assert(l[0] == 1 && l[-1] == 4 && l[1..2] == [2, 3] && l[-2..-1] == [3, 4] && l[2..] == [3, 4] && l[5..9] == [] && l[3..1] == [] && l[-9..1] == [1, 2])
assert(l[[0, 3]] == [1, 4] && l[[9, -1, "x"]] == [nil, nil, nil])
for i : [4, -5, nil, "a", 1.0]
    check.raises(/-> l[i], "index_error", "list index out of range")
    check.raises(def () l[i] = 0 end, "index_error", "list assignment index out of range")
end
l[-1] = 5 assert(l == [1, 2, 3, 5])
assert(l.push(6) == nil && l.pop() == 6 && l.pop(0) == 1 && l == [2, 3, 5] && l.pop(-2) == 3)
check.raises(/-> [].pop(), "index_error")
check.raises(/-> [1].pop(4), "index_error")
l = [1, 2, 3]
l.insert(0, 0) l.insert(4, 4) l.insert(-1, 9) l.insert(99, 1) l.insert(-99, 1)
assert(l == [0, 1, 2, 3, 9, 4])
l.remove(4) l.remove(99) l.remove(-1)
assert(l == [0, 1, 2, 3])
assert(l.item(1) == 1 && l.size() == 4 && l.tobool() && !([].tobool()) && l.tostring() == "[0, 1, 2, 3]")
l.setitem(0, 7) assert(l[0] == 7 && l.find(2) == 2 && l.find(99) == nil && ["a"].find("a") == 0)
l.resize(2) assert(l == [7, 1])
l.resize(4) assert(l == [7, 1, nil, nil])
l.resize(-1) assert(l == [])
l = [1, 2, 3]
assert(l.reverse() == [3, 2, 1] && l == [3, 2, 1])
var c = l.copy() c.push(1) assert(size(l) == 3 && size(c) == 4)
l.clear() assert(l == [] && !l)
assert([1, "a", nil].concat() == "1anil" && [1, 2].concat("-") == "1-2" && [].concat(",") == "")
assert(str([1, 2].keys()) == "(0..1)")
assert([1] + [2] == [1, 2] && [1] + [] == [1] && [] + [] == [])
l = [1] var l2 = l .. 2 l .. [3]
assert(l == [1, 2, [3]] && l2 == l)
l = [1] l.push(l) assert(str(l) == "[1, [...]]")
l = [[1, 2], [3]] assert(l[0][1] == 2)
l[0][1] = 5 assert(l == [[1, 5], [3]])
l = [] for i : 0..999 l.push(i) end
assert(size(l) == 1000 && l[999] == 999 && l.find(500) == 500)
check.raises(/-> list.push(5, 1), "type_error")
# == that changes the list while it is compared
class Evil var l def init(l) self.l = l end def ==(o) self.l.clear() return true end end
var e = [] e.push(Evil(e)) e.push(1)
assert(!(e == [1, 1]))
e = [] e.push(Evil(e)) e.push(1)
assert(e.find(5) == 0)
class EvilText var l def init(l) self.l = l end def tostring() self.l.clear() return "t" end end
e = [] e.push(EvilText(e)) e.push(2)
assert(str(e) == "[t]" && e == [])
# edges of every method
l = [1, 2, 3]
assert(l.push() == nil && l.size() == 3 && l.insert("a", 1) == nil && l.remove("a") == nil && l.resize("a") == nil && l == [1, 2, 3])
assert(l.pop(-3) == 1 && l == [2, 3])
check.raises(/-> l.pop("a"), "index_error", "list index out of range")
check.raises(/-> l.item(2), "index_error", "list index out of range")
check.raises(/-> l.setitem(2, 1), "index_error", "list assignment index out of range")
check.raises(def () l[0..1] = 5 end, "index_error", "list assignment index out of range")
l.insert(2, 4) assert(l == [2, 3, 4])
l.insert(0, 1) assert(l == [1, 2, 3, 4])
l.insert(-4, 0) assert(l == [0, 1, 2, 3, 4])
assert(l[0..0] == [0] && l[4..4] == [4] && l[-1..-1] == [4] && l[-2..] == [3, 4] && l[0..-2] == [0, 1, 2, 3] && l[5..] == [] && l[-99..99] == l)
assert(l[[]] == [] && l[[0, 0, 4]] == [0, 0, 4] && l[[1.0, true]] == [nil, nil])
assert(l.find([1]) == nil && [[1]].find([1]) == 0 && [1.0].find(1) == 0 && [nil].find(nil) == 0 && [].find(nil) == nil && ["1"].find(1) == nil)
assert([1, [2, "x"], nil].concat("|") == "1|[2, 'x']|nil" && ["a"].concat("-") == "a" && ["a", "b"].concat(5) == "ab")
assert(str([].keys()) == "(0..-1)" && size([1, 2].copy()) == 2 && [3].reverse() == [3] && [].reverse() == [])
assert(([1] != [2]) && !([1] == "x") && ([1] != "x") && !([1] == {}) && [] != nil && [[], []] == [[], []])
check.raises(/-> [1] + nil, "type_error", "operand must be a list")
check.raises(/-> [1] + {}, "type_error", "operand must be a list")
var grown = [1]
grown.resize(5) grown[4] = 5 grown.resize(2)
grown.resize(5)
assert(grown == [1, nil, nil, nil, nil]) # what was cut does not show up again
var shared = [0] var two = [shared, shared]
two[0].push(1)
assert(two == [[0, 1], [0, 1]])
class SubList : list end
var sl = SubList() sl.push(1) sl .. 2
assert(sl == [1, 2] && [1, 2] == sl && classname(sl + [3]) == "list" && classname(sl.copy()) == "list" && classname(sl[0..0]) == "list")
check.raises(/-> [1].sort(), "attribute_error", "the 'list' object has no attribute 'sort'")
