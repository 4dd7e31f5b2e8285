# Section 1: comments, names, numbers, strings, f-strings, the parenthesis rule.
import check
#- a block comment, even with #- inside
   over lines ----#
assert(1 #- here -# + 1 == 2)
assert(1 #----- here -----# + 1 == 2)
var _a1 = 3 assert(_a1 == 3);;; assert(true)

# numbers
assert(0x10 == 16 && 0XfF == 255 && 007 == 7)
assert(1.5 == 1.50 && .5 == 0.5 && 5. == 5 && 1.e3 == 1000 && 1e3 == 1000.0 && 1E-3 == 0.001)
check.same(type(0E0), "real")
check.same(type(1e3), "real")
check.same(str(1..3), "(1..3)")
check.same(compile("return 1000000000000000000000000000")(), compile("import math return math.imax")())
check.refused("45f", "malformed number")
check.refused("45.5.", "malformed number")
check.refused("0x45.", "malformed number")
check.refused("1.type", "malformed number")
check.refused("45.ef", "malformed number")
check.refused("0xg", "invalid hexadecimal number")
check.same(0xFFFFFFFFFFFFFFFF, -1)
check.same(str(0E0), "0")

# strings
assert("a\x41\101\u0041" == 'aAAA')
assert("\a\b\f\n\r\t\v\\\'\"\?" == '\x07\x08\x0c\x0a\x0d\x09\x0b\x5c\x27"?')
assert(size("\u20ac") == 3 && size("\u00e9") == 2)
assert(size("a\x00b") == 1)
assert("a" 'b'   "c" == "abc")
assert("one "
    # a comment between
    "literal" == "one literal")
check.refused("'abc", "unfinished string")
check.refused("'ab\nc'")
check.refused("'\\xg0'", "invalid hexadecimal number")
check.refused("'\\q'", "invalid octal number")
check.refused("'\\0'", "invalid octal number")
check.refused("'\\u00g0'", "incorrect '\\u' encoding")
check.refused("var a = $", "stray '\\36' in program")
check.refused("#- never closed", "unterminated comment block started in line 1")

# f-strings
var x = 3, pi = 3.14159
assert(f"{x}" == "3")
assert(f"a{x}b{pi:.2f}c" == "a3b3.14c")
assert(f"{x:03i}" == "003" && f"{x:%03i}" == "003")
assert(f"{x=}" == "x=3" && f"{pi=:.1f}" == "pi=3.1")
assert(f"{{}} }" == "{} }")
assert(f"100%" == "100%" && f"%s{x}%" == "%s3%")
assert(f"{x ? 1 :: 2}" == "1" && f"{nil ? 1 :: 2}" == "2")
assert(f'{"q" + "r"}' == "qr")
assert(f"a" "b" == "ab")
assert(f"{x + x * 2}" == "9")
assert(f"" == "")
check.raises(/-> compile("f'{a'"), "syntax_error", "'}' expected")
check.raises(/-> compile("var a f'{a=x}'"), "syntax_error", "':' or '}' expected after '='")
check.refused("print('a' f'b')")

# a parenthesis calls only right behind what it follows
def one() return 1 end
def f (a) return a end
assert(f(2) == 2)
check.refused("print(int ('1'))")
var l = [1, 2]
[0]
assert(l == 1)
l = [[5]]
assert(l [0][0] == 5)
# a NUL ends the source: what follows it is not read
assert(compile("return 1" + bytes("00").asstring() + "")() == 1)
