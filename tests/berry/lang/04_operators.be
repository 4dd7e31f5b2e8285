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
# each operator with each kind of operand it refuses
for op : ["+", "-", "*", "/", "%", "&", "|", "^", "<<", ">>", "..", "<", "<=", ">", ">="]
    for v : ["nil", "true", "print", "list", "check", "/-> 1"]
        var left = v == "/-> 1" ? "(/-> 1)" : v
        check.raises(compile("import check return " + left + " " + op + " 1"), "type_error")
    end
    if op != ".." && op != "*" && op != "+" check.raises(compile("return 'a' " + op + " 1"), "type_error") end
    check.raises(compile("return 1 " + op + " 'a'"), "type_error", "unsupported operand type(s) for " + op + ": 'int' and 'string'")
    check.raises(compile("return 1 " + op + " nil"), "type_error", "unsupported operand type(s) for " + op + ": 'int' and 'nil'")
end
for op : ["&", "|", "^", "<<", ">>", ".."] check.raises(compile("return 1.5 " + op + " 2"), "type_error", "unsupported operand type(s) for " + op + ": 'real' and 'int'") end
check.raises(compile("var a = nil return -a"), "type_error", "unsupported operand type(s) for -: 'nil'")
check.raises(compile("var a = 'x' return ~a"), "type_error", "unsupported operand type(s) for ~: 'string'")
check.raises(compile("var a = 1.5 return ~a"), "type_error", "unsupported operand type(s) for ~: 'real'")
assert(7 % -7 == 0 && -7 % 7 == 0 && -7.5 % 2 == -1.5 && 5 % 2.5 == 0)
assert(math.imin * -1 == math.imin && math.imax * 2 == -2 && 3 * -4 == -12)
assert(1 << 0 == 1 && -1 >> 63 == -1 && -1 << (width - 1) == math.imin && 1 << -1 == math.imin && (1 >> 1) == 0)
var sh = 3 assert(1 << sh == 8 && 256 >> sh == 32 && -256 >> sh == -32 && sh << sh == 24)
check.raises(/-> "ab" * 2.0, "type_error", "unsupported operand type(s) for *: 'string' and 'real'")
check.raises(/-> 2 * "ab", "type_error", "unsupported operand type(s) for *: 'int' and 'string'")
assert("x" * false == "" && size("x" * 32768) == 32768 && "" * 1000000 == "")
check.raises(/-> "x" * 32769, "runtime_error", "string multiplication result too large")
assert("a" .. 1.5 == "a1.5" && "a" .. true == "atrue" && "a" .. "b" .. 1 == "ab1" && 'a' .. {1: 2} == "a{1: 2}")
check.raises(/-> 1 .. "a", "type_error", "unsupported operand type(s) for ..: 'int' and 'string'")
check.raises(/-> 1 .. nil, "type_error", "unsupported operand type(s) for ..: 'int' and 'nil'")
assert(type(1 && 2) == "bool" && type(nil || "x") == "bool" && type(!5) == "bool" && (1 ? [1] : 2) == [1])
var counted = 0
def bump() counted += 1 return 0 end
var holder = [[1, 2]]
holder[bump()][bump()] += 10
assert(holder[0][0] == 11 && counted == 2) # object and index are evaluated once
import introspect
assert(introspect.toptr(8) + 1 != introspect.toptr(8) && (introspect.toptr(8) == introspect.toptr(8)))
check.raises(/-> introspect.toptr(8) * 2, "type_error", "unsupported operand type(s) for *: 'ptr' and 'int'")
