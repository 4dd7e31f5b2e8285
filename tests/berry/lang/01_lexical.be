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
# white space: every kind of newline counts once
try compile("\r\n\n\r\r\n\n)") except .. as e, m assert(m == "string:5: expected statement before ')'", m) end
assert(compile("return\f1\v+\t2\r")() == 3)
# only ASCII outside of strings and comments
check.refused("var \u00e9 = 1", "stray '\\195' in program")
check.refused("var a = @", "stray '\\64' in program")
assert(compile("# \u00e9\nreturn '\u00e9' #- \u00e9 -#")() == "\u00e9")
try compile("1\n#- a\n\nb") except .. as e, m assert(m == "string:4: unterminated comment block started in line 2", m) end
# keywords are no names; these are
for word : ["if", "elif", "else", "while", "for", "def", "end", "class", "break", "continue", "return", "true", "false", "nil", "var", "do", "import", "as", "try", "except", "raise", "static"]
    check.refused("var " + word, "expected 'ID' before '" + word + "'")
end
for word : ["and", "or", "not", "in", "null", "self", "_", "_1", "then", "If"]
    assert(compile("do var " + word + " = 5 return " + word + " end")() == 5)
end
# numbers at their edges
import math
assert(compile("return 9223372036854775808 == " + str(math.imax))() || math.imax == 2147483647)
assert(0X1FFFFFFFFFFFFFFFF == -1 && 0x00000000000000000000000001 == 1)
check.same(1e999, math.inf)
check.raises(/-> compile("return 1...3")(), "type_error", "unsupported operand type(s) for ..: 'int' and 'real'")
check.refused("0b11", "malformed number")
check.refused("1_000", "malformed number")
check.refused("0x", "invalid hexadecimal number")
check.refused("1.2.3", "malformed number")
check.refused("1e5x", "malformed number")
check.same(1.5e+1, 15.0)
# escapes have exactly as many digits as they need
assert("\x414" == "A4" && "\1014" == "A4" && "\u00414" == "A4")
assert(size("\ud83d\ude00") == 6) # surrogates are not joined
check.refused("'\\x4'", "invalid hexadecimal number")
check.refused("'\\48'", "invalid octal number")
check.refused("'\\u004'", "incorrect '\\u' encoding")
check.refused("'a\rb'", "unfinished string")
check.refused('"abc', "unfinished string")
check.refused("'abc\\", "invalid octal number")
# f-strings: what they rewrite to
var o = module() o.a = 1 o.b = / x -> [x]
assert(f"{o.a}{o.b(2)[0]}" == "12" && f"{\"q\"}" == "q" && f'{{{x}}}' == "{3}")
assert(f"{x:5d}|{x:%-5d}|{pi:.0f}|{nil}|{[1, 'a']}" == "    3|3    |3|nil|[1, 'a']")
assert(f"{x :02i}" == "03" && f"\x7bx}" == "3") # escapes come first
check.raises(/-> compile("return f'{1:y}'")(), "runtime_error", "invalid option '%y' to 'format'")
check.refused("f'{1 2}'", "unexpected symbol near '2'")
check.refused("f'{}'", "unexpected symbol near 'EOS'")
check.refused("f'{nope}'", "'nope' undeclared (first use in this function)")
check.raises(/-> compile("f'{x=y}'"), "syntax_error", "':' or '}' expected after '='")
check.raises(/-> compile("f'{{{'"), "syntax_error", "'}' expected")
# a blank before the parenthesis: two statements, the second of which does nothing
import global
def f_apart(v) global.n = v end
f_apart (1) f_apart
(2) f_apart #- -# (3)
assert(global.n == nil)
check.refused("var a = module() a. ('x')", "expected 'ID' before '('")
assert(o.("a") == 1)
