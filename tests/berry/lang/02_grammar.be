# Section 2: precedence, trailing commas, what may stand where.
import check
assert((1 | 2 == 3) == true)
assert((5 & 3 == 1) == true)
assert("v" .. 1 + 2 == "v3")
assert((!nil == true) == true)
assert(str(-1 .. 1) == "(-1..1)")
assert(2 + 3 * 4 == 14 && (2 + 3) * 4 == 20 && 20 - 5 - 5 == 10 && 100 / 10 / 5 == 2)
assert(1 << 2 + 1 == 8 && (1 | 6 ^ 2 & 3) == (1 | (6 ^ (2 & 3))))
assert((1 < 2 == true) && (1 == 1 && 2 == 2 || false))
assert((true || false && false) == true)
assert((false ? 1 : true ? 2 : 3) == 2)
assert(- -1 == 1 && !!1 == true && ~~5 == 5 && -2 * -3 == 6)
assert([1, 2, ] == [1, 2] && {"a": 1, }["a"] == 1)
check.refused("print(1,)")
check.refused("def f(a, b,) end")
check.refused("[1 2]")
check.refused("x = )", "unexpected symbol near ')'")
check.refused("1 +", "unexpected symbol near 'EOS'")
check.refused("var a = b = 3")
check.refused("(b = 3)")
check.refused("1 = 2", "try to assign constant expressions.")
check.refused("print() = 2", "try to assign constant expressions.")
check.refused("-'a'", "wrong type argument to unary 'negative'")
check.refused("~1.5", "wrong type argument to unary 'bit-flip'")
check.refused("if true", "expected 'end' before 'EOS'")
check.refused("try 1", "expected 'except' before 'EOS'")
check.refused("for 1 : 2 end", "missing iteration variable before '1'")
check.refused("end", "unexpected symbol near 'end'")
check.refused(")", "expected statement before ')'")
check.refused("def 1() end", "the token '1' is not a valid function name.")

# return takes an expression from the next line
def r()
    return
    5
end
assert(r() == 5)
def r2(c) if c return else return 2 end end
assert(r2(true) == nil && r2(false) == 2)

# open ranges
import math
assert((2..).upper() == math.imax)
assert([1, 2, 3, 4][2..] == [3, 4])

# lambdas
assert((/ -> 5)() == 5 && (/a-> a)(1) == 1 && (/a b -> a + b)(1, 2) == 3 && (/a, b -> a - b)(1, 2) == -1)
assert((/a -> / b -> a * 10 + b)(1)(2) == 12)

# evaluation order
var order = []
def at(n) order.push(n) return n end
var m = {at(1): at(2), at(3): at(4)};
m = [at(5), at(6)]
m[at(7) - 7] = at(8)
at(9) + at(10) * at(11)
print(at(12), at(13))
assert(order == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13])
order = []
var o = [10, 20]
def obj() order.push("o") return o end
obj()[at(1)] += at(5)
assert(o == [10, 25] && order == ["o", 1, 5])

# the walrus
def w(n)
    var s = 0
    while (k := n) > 0 s += k n -= 1 end
    return s
end
assert(w(4) == 10)
def w2() return str(1 + (a := 5) * 2) + ":" + str(a) end
assert(w2() == "11:5")
def w3(l)
    var fs = []
    if (a := l[0]) == 1 && (b := l[1])
        for i : 0..1 var c = i fs.push(/-> a * 100 + b * 10 + c) end
    end
    return fs[0]() + fs[1]()
end
assert(w3([1, 2]) == 120 + 121)
w4 := 7
assert(w4 == 7 && (l4 := [1, 2])[1] == 2 && (l4[0] := 9) == 9 && l4 == [9, 2])
# each level of the precedence table against the next one
assert((-2 * 3 == -6) && (~1 + 1 == -1))
assert(2 * 3 + 4 == 10 && 4 + 3 * 2 == 10 && 1 + 1 << 2 == 8 && (7 & 1 << 1) == 2)
assert((1 ^ 3 & 2) == 3 && (4 | 1 ^ 1) == 4 && str(1 .. 2 | 4) == "(1..6)")
assert((1 | 2 < 4) == true && (3 < 2 == false) == true && (1 == 1 && 2 < 1) == false)
assert((1 && 0 || 1) == true && (0 || 1 ? "y" : "n") == "y" && (1 ? 0 ? "a" : "b" : "c") == "b")
assert(8 - 4 - 2 == 2 && 64 / 4 / 2 == 8 && 2 - 3 + 4 == 3 && 17 % 10 % 4 == 3 && 1 << 1 << 2 == 8)
assert((1 < 2) == (2 > 1) && (3 > 2 == 2 < 3) && [1, 2][0] + 1 == 2)
a1 := a2 := 3
assert(a1 == 3 && a2 == 3)
assert((a3 := 1 ? "yes" : "no") == "yes" && a3 == "yes" && ((a4 := 1) + 1 == 2))
# where an expression may start: return and the open range
def r3() return; end
def r4() return end
def r5() if true return end return 1 end
def r6() return
    -1 end
assert(r3() == nil && r4() == nil && r5() == nil && r6() == -1)
assert((1..).lower() == 1 && ("abc")[1..] == "bc" && str([0..2, 5]) == "[(0..2), 5]")
# left of an assignment
var box = module() box.l = [1, 2]
box.l[0] = 5 box.("n") = 6 (box).m = 7
assert(box.l == [5, 2] && box.n == 6 && box.m == 7)
for bad : ["nil = 1", "'a' = 1", "[1] = 2", "1 + 1 = 2", "print() += 1", "true = 1", "(/-> 1) = 2", "-a1 = 1"]
    check.refused(bad, "try to assign constant expressions.")
end
check.refused("undeclared_here += 1", "'undeclared_here' undeclared (first use in this function)")
# statements need no separator; empty statements are allowed everywhere
var z1 = 1 var z2 = 2 z1 = z2 z2 = 3;;; do;;end if 1;;end
assert(z1 == 2 && z2 == 3)
class Semi; var a; def f(); return 1; end; static b = 2; end
assert(Semi().f() == 1 && Semi.b == 2)
check.refused("class A 5 end", "unexpected token '5'")
check.refused("class A return end", "unexpected token 'return'")
check.refused("class A static 5 end", "expected 'ID' before '5'")
check.refused("raise", "unexpected symbol near 'EOS'")
check.refused("for i 1 end", "expected ':' before '1'")
check.refused("import a as", "expected 'ID' before 'EOS'")
check.refused("import 'a'", "expected 'as' before 'EOS'")
check.refused("def f(*a, b) end", "expected ')' before ','")
check.refused("def f(a b) end", "expected ')' before 'b'")
check.refused("/a -> ", "unexpected symbol near 'EOS'")
check.refused("(/ *a -> 1)")
check.refused("{1: 2, 3}", "expected ':' before '}'")
check.refused("x[1", "'x' undeclared (first use in this function)")
check.refused("print(1 2)", "expected ')' before '2'")
check.refused("print(,)", "unexpected symbol near ','")
check.refused("1 ? 2 : ", "unexpected symbol near 'EOS'")
check.refused("do", "expected 'end' before 'EOS'")
check.refused("if 1 elif 2", "expected 'end' before 'EOS'")
check.refused("def f()", "expected 'end' before 'EOS'")
check.refused("try raise 1 except", "unexpected symbol near 'EOS'")
check.refused("try raise 1 except .. as", "expected 'ID' before 'EOS'")
check.refused("a := ", "unexpected symbol near 'EOS'")
check.refused("elif", "unexpected symbol near 'elif'")
