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
