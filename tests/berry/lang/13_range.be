# Section 13: range.
import check
var r = 1..3
assert(r.lower() == 1 && r.upper() == 3 && r.incr() == 1 && str(r) == "(1..3)" && r.tostring() == "(1..3)" && r)
r = range(1, 9, 2)
assert(r.incr() == 2 && str(r) == "range(1, 9, 2)")
r.setrange(5, 1, -2)
var l = [] for i : r l.push(i) end assert(l == [5, 3, 1])
l = [] for i : range(1, 5, -1) l.push(i) end assert(l == [])
var it = (1..2).iter()
assert(it() == 1 && it() == 2)
check.raises(it, "stop_iteration")
check.raises(/-> range(1), "value_error", "missing arguments")
check.raises(/-> range(1, "a"), "value_error", "arguments must be 'int'")
check.raises(/-> range(1, 2, 0), "value_error", "increment cannot be zero")
check.raises(/-> (1..2)[0], "attribute_error", "the 'range' object has no method 'item'")
import math
it = range(math.imax - 1, math.imax, 2).iter()
assert(it() == math.imax - 1)
check.raises(it, "stop_iteration")
it = range(math.imin, math.imax, math.imax).iter()
assert(it() == math.imin && it() == -1 && it() == math.imax - 1)
check.raises(it, "stop_iteration")
l = [] for i : range(math.imin, math.imax, math.imax) l.push(i) end
assert(l == [math.imin, -1, math.imax - 1])
assert([1, 2, 3, 4][range(1, 2, 5)] == [2, 3])
class Bare : range def init() end end
l = [] for i : Bare() l.push(i) end assert(l == [])
r = -2..2
l = [] for i : r l.push(i) end assert(l == [-2, -1, 0, 1, 2])
check.raises(/-> r.setrange(1), "value_error", "missing arguments")
check.raises(/-> r.setrange(1, 2, "a"), "value_error", "arguments must be 'int'")
check.raises(/-> r.setrange(1, 2, 0), "value_error", "increment cannot be zero")
assert(r.setrange(3, 4) == nil && str(r) == "(3..4)" && r.incr() == 1 && size(r) == nil && str(range(3, 1, -1)) == "range(3, 1, -1)")
check.raises(/-> 1 .. 2.0, "type_error", "unsupported operand type(s) for ..: 'int' and 'real'")
check.raises(/-> r.size(), "attribute_error", "the 'range' object has no attribute 'size'")
check.raises(def () r[0] = 1 end, "attribute_error", "the 'range' object has no method 'setitem'")
l = [] for i : range(0, 10, 100) l.push(i) end assert(l == [0])
l = [] for i : range(math.imax, math.imax, 1) l.push(i) end assert(l == [math.imax])
l = [] for i : range(math.imin, math.imin, -1) l.push(i) end assert(l == [math.imin])
var both = 1..2 l = []
for i : both for j : both l.push(i * 10 + j) end end
assert(l == [11, 12, 21, 22])
