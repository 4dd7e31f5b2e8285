# Section 3: types, truth, equality, order.
import check
import introspect
class A var x def m() end end
var a = A()
var types = [[nil, "nil"], [true, "bool"], [1, "int"], [1.0, "real"], ["", "string"], [print, "function"],
    [/-> 1, "function"], [A, "class"], [a, "instance"], [check, "module"], [[], "instance"],
    [{}, "instance"], [0..1, "instance"], [bytes(), "instance"], [list, "class"], [introspect.toptr(4), "ptr"],
    [a.m, "function"], [[].iter(), "function"], [introspect, "module"]]
for t : types assert(type(t[0]) == t[1], t[1]) end
assert(classname([]) == "list" && classname({}) == "map" && classname(0..1) == "range" && classname(bytes()) == "bytes")

# truth
for f : [nil, false, 0, 0.0, "", [], {}, bytes(), introspect.toptr(0)] assert(!f) end
for t : [true, 1, -1, 0.1, "0", [nil], {1: nil}, bytes("00"), 0..-1, print, A, a, check, introspect.toptr(1)] assert(t) end
class F def tobool() return false end end
assert(!F())
class G def tobool() return 1 end end
check.raises(/-> !G(), "runtime_error")

# equality
assert(1 == 1.0 && 1 != 2 && !(1 != 1.0) && "a" == 'a' && "a" != "b")
import math
assert(math.nan != math.nan && !(math.nan == math.nan))
assert(nil == nil && !(nil == false) && nil != 0 && 1 != "1" && !(1 == true))
assert(A == A && a == a && a != A() && print == print && (/->1) != (/->1))
assert([1] == [1.0] && [1, [2]] == [1, [2]] && [1] != [2] && [1] != [1, 2] && [] == [])
assert({} != {} && !(0..1 == 0..1) && bytes("01") == bytes("01") && bytes("01") != bytes("02"))
var m = {} assert(m == m)
assert(!([] == nil) && [] != nil)
check.raises(/-> check == introspect, "type_error", "unsupported operand type(s) for ==: 'module' and 'module'")
class E
    var v
    def init(v) self.v = v end
    def ==(o) return isinstance(o, E) && o.v == self.v end
end
assert(E(1) == E(1) && !(E(1) == E(2)) && !(E(1) == 1) && !(1 == E(1)) && E(1) != E(1) && !(E(1) == nil))
class Bad def ==(o) return 1 end end
check.raises(/-> Bad() == 1, "type_error", "`Bad::==` return value error, the expected type is 'bool'")

# order
assert(1 < 2 && 1 < 1.5 && 2 >= 2.0 && "a" < "b" && "a" < "aa" && "B" < "a" && !("a" > "b") && "a" <= "a")
check.raises(/-> nil < nil, "type_error", "unsupported operand type(s) for <: 'nil' and 'nil'")
check.raises(/-> true < false, "type_error")
check.raises(/-> 1 < "a", "type_error", "unsupported operand type(s) for <: 'int' and 'string'")
check.raises(/-> [] < [], "attribute_error", "the 'list' object has no method '<'")
class O
    var v
    def init(v) self.v = v end
    def <(o) return self.v < o.v end
    def >(o) return self.v > o.v end
end
assert(O(1) < O(2) && O(2) > O(1) && !(O(1) > O(2)))
# != is looked up on its own; what operators give must be a bool
class Ne def !=(o) return 5 end end
check.raises(/-> Ne() != 1, "type_error", "`Ne::!=` return value error, the expected type is 'bool'")
assert(!(Ne() == Ne()))
class Lt def <(o) return nil end end
check.raises(/-> Lt() < 1, "type_error", "`Lt::<` return value error, the expected type is 'bool'")
check.raises(/-> Lt() > 1, "attribute_error", "the 'Lt' object has no method '>'")
check.raises(/-> 1 < Lt(), "type_error", "unsupported operand type(s) for <: 'int' and 'instance'")
class Sub : E end
assert(Sub(3) == E(3)) # a parent's operator
assert((5 == nil) == false && (nil == 5) == false && (nil != nil) == false && !("" == nil) && !(false == 0))
assert(print == print && A != E && !(print == A))
# strings compare up to their first NUL, by bytes
var nul = module() nul.a = bytes("610062") import string
assert(!(string.char(0) < string.char(0)) && "a" < "\u00e9" && "Z" < "a" && "" < "a")
assert(1 == 1.0 && 1.0 == 1 && 1 < 1.5 && 2.5 > 2 && !(1 < 1.0) && 1 <= 1.0)
assert((1 .. 2) && !([] && true) && (bytes("00") ? 1 : 2) == 1)
class NoBool def tobool() return nil end end
check.raises(/-> NoBool() ? 1 : 2, "runtime_error", "the value of `NoBool::tobool()` is not a 'bool'")
check.raises(def () while NoBool() end end, "runtime_error")
check.raises(/-> NoBool() && 1, "runtime_error")
