# Section 5: globals, locals, captured variables, resolution, the module global, strict mode.
import check
import global
g1 = 1
do b1 = 2 assert(b1 == 2) end
check.refused("return never_seen", "'never_seen' undeclared (first use in this function)")
check.refused("return b1")
check.refused("q += 1", "'q' undeclared (first use in this function)")
check.refused("def f() return g_later() end def g_later() end")
def f() x_local = 5 return x_local end
assert(f() == 5)
check.refused("return x_local")
check.refused("do var a var a end", "redefinition of 'a'")
do var a = 1 do var a = 2 assert(a == 2) end assert(a == 1) end
var top = 1
var top = 2
assert(top == 2)
var self_ref = 1
do var self_ref = self_ref + 1 assert(self_ref == 2) end

# captured variables are shared, and live on
def counter()
    var n = 0
    def up() n += 1 return n end
    def get() return n end
    return [up, get]
end
var c = counter(), d = counter()
assert(c[0]() == 1 && c[0]() == 2 && c[1]() == 2 && d[1]() == 0)
var fs = []
for i : 0..2 var j = i * 2 fs.push(/-> i + j) end
assert(fs[0]() == 0 && fs[1]() == 3 && fs[2]() == 6)
fs = []
var k = 0
while k < 5
    var v = k
    k += 1
    if k == 2 continue end
    if k == 5 fs.push(/-> v) break end
    fs.push(/-> v)
end
assert(size(fs) == 4 && fs[0]() == 0 && fs[1]() == 2 && fs[2]() == 3 && fs[3]() == 4)
def nested()
    var a = 1
    def in1()
        def in2() a += 1 return a end
        return in2
    end
    return [in1(), / -> a]
end
var n = nested()
assert(n[0]() == 2 && n[0]() == 3 && n[1]() == 3)
def fact(n) def inner(i) return i < 2 ? 1 : i * inner(i - 1) end return inner(n) end
assert(fact(5) == 120)
# captured in a try that is left by an exception
def caught()
    var l = []
    for i : 0..2
        try
            var v = i
            l.push(/-> v)
            raise "x"
        except .. end
    end
    return l[0]() * 100 + l[1]() * 10 + l[2]()
end
assert(caught() == 12)

# the module global
global.made = 5
assert(global.made == 5 && global.("made") == 5 && global.nothing == nil)
assert(compile("return made")() == 5)
assert(global.contains("made") && global.contains("print") && !global.contains("nothing"))
assert(global.print == print)
assert(global().find("made") != nil)
global.undef("made")
assert(!global.contains("made") && global.made == nil)
check.refused("return made")

# a builtin can be hidden
def hide() print = 5 return print end
assert(hide() == 5)
compile("real = 7 def get_real() return real end")()
assert(compile("return real")() == 7 && global.get_real() == 7)
global.undef("real")
assert(compile("return real('1')")() == 1.0)

# what a name means where
check.refused("var y1 = y1", "'y1' undeclared (first use in this function)")
check.refused("for i9 : i9 end", "'i9' undeclared (first use in this function)")
check.refused("for i9 : 0..1 end return i9", "'i9' undeclared (first use in this function)")
check.refused("if true var inside = 1 end return inside", "'inside' undeclared (first use in this function)")
check.refused("try raise 1 except .. as e9 end return e9", "'e9' undeclared (first use in this function)")
check.refused("def f() local9 := 1 end return local9", "'local9' undeclared (first use in this function)")
check.refused("def f(a) var a end", "redefinition of 'a'")
check.refused("def f(a, a) end", "redefinition of 'a'")
check.refused("do def g9() end def g9() end end", "redefinition of 'g9'")
assert(compile("def self9(n) return n ? self9(n - 1) : 'end' end return self9(3)")() == "end")
assert(compile("class C9 static def me() return C9 end end return C9.me() == C9")())
assert(compile("if true def in_block() return 1 end end import global return global.contains('in_block')")() == false)
# nothing of a source runs when it can't be compiled
compile("import global global.ran = nil")()
check.refused("global.ran = 1 return not_there9")
assert(global.ran == nil)
# a global made through the module is known to what is compiled later
check.refused("import global global.made9 = 1 return made9", "'made9' undeclared (first use in this function)")
compile("import global global.made9 = 1")()
assert(compile("return made9")() == 1)
# nested functions change the variable itself, at any depth; loops give fresh ones
def deep_capture()
    var x = 1
    def a() def b() def c() x += 1 return x end return c end return b end
    var c = a()()
    c() c()
    return x
end
assert(deep_capture() == 3)
def while_fresh()
    var fs = [], i = 0
    while i < 3 var v = i fs.push([def (n) v = n end, / -> v]) i += 1 end
    fs[1][0](50)
    return [fs[0][1](), fs[1][1](), fs[2][1]()]
end
assert(while_fresh() == [0, 50, 2])
def params_captured(a, *r) return [def () a += 1 return a end, / -> size(r)] end
var pc = params_captured(1, 2, 3)
assert(pc[0]() == 2 && pc[0]() == 3 && pc[1]() == 2)
def for_variable() var l = [] for i : 0..2 l.push(def () i += 10 return i end) end return [l[0](), l[0](), l[2]()] end
assert(for_variable() == [10, 20, 12])

# strict mode, for what is compiled later
compile("import strict")()
check.refused("def f() x = 1 end", "strict: no global 'x', did you mean 'var x'?")
check.refused("def f() var a if a var a end end", "strict: redefinition of 'a' from outer scope")
check.refused("var print = 1", "strict: redefinition of builtin 'print'")
check.refused("print = 1", "strict: redefinition of builtin 'print'")
check.refused("def f() 1 + 2 end", "strict: expression without side effect detected")
check.refused("var a1 = 1 a1", "strict: expression without side effect detected")
compile("y = 1 def f() y = 2 print() end")()
check.refused("var a2 = 1 do a2 end", "strict: expression without side effect detected")
check.refused("def f() var a = 1 a + print end", "strict: expression without side effect detected")
check.refused("def f() var a for a : 0..1 end end", "strict: redefinition of 'a' from outer scope")
check.refused("def str() end", "strict: redefinition of builtin 'str'")
check.refused("class list end", "strict: redefinition of builtin 'list'")
compile("def f(a) a .. 1 a(); /-> 1 (b9 := 1) if a c9 := 2 end end")
compile("def f() var _a do var _a end end x9 = 1 x9 += 1 for i : 0..1 end")
