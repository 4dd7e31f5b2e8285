# Section 4: arithmetic, strings, ranges, operators of classes.
import check
import math
assert(7 / 2 == 3 && -7 / 2 == -3 && 7 % 3 == 1 && -7 % 3 == -1 && 7 % -3 == 1)
assert(7.0 / 2 == 3.5 && 7.5 % 2 == 1.5 && 1 + 0.5 == 1.5 && 2 * 1.5 == 3)
assert(math.imax + 1 == math.imin && math.imin - 1 == math.imax && math.imin / -1 == math.imin && math.imin % -1 == 0)
assert(-math.imin == math.imin)
for f : [/-> 1 / 0, /-> 1 % 0, /-> 1.0 / 0, /-> 1 / 0.0, /-> 1.5 % 0]
    check.raises(f, "divzero_error", "division by zero")
end
assert((6 & 3) == 2 && (6 | 3) == 7 && (6 ^ 3) == 5 && ~0 == -1 && 1 << 4 == 16 && -16 >> 2 == -4)
var width = math.imax == 2147483647 ? 32 : 64
assert(1 << width == 1 && 1 << (width + 1) == 2 && 4 >> width == 4)
check.raises(/-> 1.5 & 1, "type_error", "unsupported operand type(s) for &: 'real' and 'int'")
check.raises(/-> 1 << 1.0, "type_error")
assert("a" + "b" == "ab" && "ab" * 3 == "ababab" && "ab" * 0 == "" && "ab" * -1 == "" && "x" * true == "x")
check.raises(/-> "ab" * 20000, "runtime_error", "string multiplication result too large")
assert("a" .. 1 == "a1" && "a" .. nil == "anil" && "a" .. [1] == "a[1]")
check.raises(/-> "a" + 1, "type_error", "unsupported operand type(s) for +: 'string' and 'int'")
check.raises(/-> 1 + nil, "type_error", "unsupported operand type(s) for +: 'int' and 'nil'")
check.raises(/-> -"a".size, "attribute_error")
def neg(x) return -x end
check.raises(/-> neg("a"), "type_error", "unsupported operand type(s) for -: 'string'")
check.raises(/-> ~(neg(1.5)), "type_error")
check.raises(/-> nil .. 1, "type_error", "unsupported operand type(s) for ..: 'nil' and 'int'")
check.raises(/-> [] + 1, "type_error", "operand must be a list")
check.raises(/-> [] - 1, "attribute_error", "the 'list' object has no method '-'")
assert((nil || 5) == true && (nil && 5) == false && (1 && 2) == true && (0 || "") == false)
var calls = 0
def t() calls += 1 return true end
assert((t() || t()) && calls == 1)
assert(!(!t() && t()) && calls == 2)
assert((1 < 2) == true && (nil ? 1 : "no") == "no")
var b = 1 < 2 && 3 < 4 || nil
assert(b == true)
b = !(1 < 2 && 3 > 4)
assert(b == true)

# every operator of a class
class V
    var n
    def init(n) self.n = n end
    def +(o) return "+" .. o end
    def -(o) return "-" .. o end
    def *(o) return "*" .. o end
    def /(o) return "/" .. o end
    def %(o) return "%" .. o end
    def &(o) return "&" .. o end
    def |(o) return "|" .. o end
    def ^(o) return "^" .. o end
    def <<(o) return "<<" .. o end
    def >>(o) return ">>" .. o end
    def ..(o) return ".." .. o end
    def -*() return "neg" end
    def ~() return "flip" end
    def ()(a, b) return [a, b] end
    def <(o) return true end
    def <=(o) return true end
    def >(o) return false end
    def >=(o) return false end
    def !=(o) return false end
end
var v = V(1)
assert(v + 1 == "+1" && v - 1 == "-1" && v * 1 == "*1" && v / 1 == "/1" && v % 1 == "%1")
assert((v & 1) == "&1" && (v | 1) == "|1" && (v ^ 1) == "^1" && v << 1 == "<<1" && v >> 1 == ">>1")
assert(v .. 1 == "..1" && -v == "neg" && ~v == "flip" && v(1, 2) == [1, 2])
assert(v < 1 && v <= 1 && !(v > 1) && !(v >= 1) && !(v != 1))
check.raises(/-> 1 + v, "type_error", "unsupported operand type(s) for +: 'int' and 'instance'")
class N end
check.raises(/-> N() + 1, "attribute_error", "the 'N' object has no method '+'")
check.raises(/-> -N(), "attribute_error", "the 'N' object has no method '-*'")
var acc = 1 # 3 15 14 7 2 32 35 3 2 1
acc += 2 acc *= 5 acc -= 1 acc /= 2 acc %= 5 acc <<= 4 acc |= 3 acc &= 0x13 acc ^= 1 acc >>= 1
assert(acc == 1)
