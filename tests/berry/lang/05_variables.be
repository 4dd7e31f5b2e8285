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

# strict mode, for what is compiled later
compile("import strict")()
check.refused("def f() x = 1 end", "strict: no global 'x', did you mean 'var x'?")
check.refused("def f() var a if a var a end end", "strict: redefinition of 'a' from outer scope")
check.refused("var print = 1", "strict: redefinition of builtin 'print'")
check.refused("print = 1", "strict: redefinition of builtin 'print'")
check.refused("def f() 1 + 2 end", "strict: expression without side effect detected")
check.refused("var a1 = 1 a1", "strict: expression without side effect detected")
compile("y = 1 def f() y = 2 print() end")()
