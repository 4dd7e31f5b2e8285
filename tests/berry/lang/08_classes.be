# Section 8: classes, instances, super, special methods.
import check
import introspect
class A
    var a, b
    static x = 1, y
    static def make(v) return _class(v) end
    static var z = 5
    def init(v) self.a = v end
    def get() return self.a end
    def cls() return _class end
end
assert(A.x == 1 && A.y == nil && A.z == 5 && A.make(3).get() == 3 && A(4).a == 4 && A(4).b == nil && A().a == nil)
assert(A(1).x == 1 && A(1).make(2).a == 2 && A(1).cls() == A)
assert(type(A) == "class" && str(A) == "<class: A>" && classname(A(1)) == "A" && classof(A(1)) == A && classof(1) == nil)
check.refused("class B var a, a end", "redefinition of the attribute 'a'")
check.refused("class B var a = 1 end", "unexpected token '='")
check.refused("class B print() end", "unexpected token 'print'")
check.refused("class 1 end", "class name error")
check.raises(def () class B : 5 end end, "type_error", "value 'int' does not support set super")
class Empty end
assert(str(Empty()) == "<instance: Empty()>" && str(Empty(1, 2)) == "<instance: Empty()>")

# inheritance
class P
    var p
    def init(p) self.p = p end
    def who() return "P" end
    def both() return "P" + self.who() end
    static s = "ps"
end
class Q : P
    var q
    def init(p, q) super(self).init(p) self.q = q end
    def who() return "Q" + super(self).who() end
end
class R : Q
    def init(p) super(self).init(p, p * 2) end
    def who() return "R" + super(self).who() end
    def both() return "r" + super(self).both() end
end
class S : R end
var r = R(2)
assert(r.p == 2 && r.q == 4 && r.who() == "RQP" && r.both() == "rPRQP" && S(3).q == 6 && S(1).both() == "rPRQP")
assert(super(r, P).who() == "P" && super(r, Q).who() == "QP" && super(r, R) == nil && super(R) == Q && super(P) == nil)
assert(super(nil) == nil && super() == nil && super(P(1)) == nil)
assert(classname(super(r)) == "Q" && super(r).p == 2 && isinstance(super(r), P) && str(super(r)) == "<instance: Q()>")
assert(isinstance(r, P) && isinstance(r, R) && !isinstance(P(1), R) && issubclass(R, P) && issubclass(P, P) && !issubclass(P, R))
assert(!isinstance(1, P) && !isinstance(r, 1) && !issubclass(1, P) && isinstance(S(1), r))
class NoInit : Empty def init() super(self).init(1) end end
assert(classname(NoInit()) == "NoInit")
class Shadow : P var p def set(v) self.p = v return self.p end end
assert(Shadow(1).p == 1 && Shadow(1).set(5) == 5)
P.s = "new"
assert(R.s == "new" && Q(1, 2).s == "new")
R.s = "again"
assert(P.s == "again")

# reading, writing, calling
var o = A(7)
check.raises(/-> o.nope, "attribute_error", "the 'A' object has no attribute 'nope'")
check.raises(/-> o.nope(), "attribute_error", "the 'A' object has no attribute 'nope'")
check.raises(def () o.x = 5 end, "attribute_error", "class 'A' cannot assign to attribute 'x'")
check.raises(def () o.get = 5 end, "attribute_error", "class 'A' cannot assign to attribute 'get'")
check.raises(/-> A.nope, "attribute_error", "the 'A' class has no static attribute 'nope'")
check.raises(/-> A.a, "attribute_error", "the 'A' class has no static attribute 'a'")
check.raises(def () A.a = 5 end, "attribute_error", "class 'A' cannot assign to static attribute 'a'")
o.b = 5
check.raises(/-> o.b(), "attribute_error", "class 'A' has no method 'b'")
o.b = / x -> x
assert(o.b(3) == 3)
o.b = A
assert(o.b(3).a == 3)
var get = o.get
assert(type(get) == "function" && get(o) == 7 && A.get(o) == 7)
assert(o.("a") == 7 && o.("get")() == 7)
o.("a") = 8
assert(o.a == 8)
o.a += 5
assert(o.a == 13)
A.x += 1
assert(A.x == 2)

# dynamic members
import undefined
class D
    var log
    def init() self.log = [] end
    def member(n) if n == "no" return undefined end if n == "f" return def (s, v) return [s == self, v] end end return "got " + n end
    def setmember(n, v) if n == "no" return false end self.log.push([n, v]) end
end
var d = D()
assert(d.any == "got any" && d.f(5) == [true, 5])
check.raises(/-> d.no, "attribute_error", "the 'D' object has no attribute 'no'")
check.raises(/-> d.any(), "attribute_error", "class 'D' has no method 'any'")
d.q = 1
assert(d.log == [["q", 1]])
check.raises(def () d.no = 1 end, "attribute_error", "class 'D' cannot assign to attribute 'no'")

# special methods
class T
    var d
    def init() self.d = {} end
    def tostring() return "T!" end
    def toint() return 42 end
    def size() return 3 end
    def item(i) return i * 2 end
    def setitem(i, v) self.d[i] = v end
    def hash() return 5 end
    def ==(o) return true end
end
var t = T()
t[1] = 9
assert(str(t) == "T!" && "a" .. t == "aT!" && int(t) == 42 && size(t) == 3 && t[4] == 8 && t.d[1] == 9 && str([t]) == "[T!]")
assert(format("%s|%5s", t, t) == "T!|   T!")
var byhash = {}
byhash[T()] = 1
assert(byhash[T()] == 1 && size(byhash) == 1)
class BadText def tostring() return 5 end end
check.raises(/-> str(BadText()), "runtime_error", "the value of `BadText::tostring()` is not a 'string'")
class BadHash def hash() return "x" end end
check.raises(def () var m = {} m[BadHash()] = 1 end, "runtime_error")
check.raises(/-> Empty()[1], "attribute_error", "the 'Empty' object has no method 'item'")
check.raises(def () Empty()[1] = 2 end, "attribute_error", "the 'Empty' object has no method 'setitem'")

# subclasses of builtins
class L : list
    var extra
    def init(*a) super(self).init() for x : a self.push(x) end self.extra = "e" end
    def sum() var s = 0 for x : self s += x end return s end
end
var l = L(1, 2, 3)
assert(l.sum() == 6 && l[1] == 2 && size(l) == 3 && str(l) == "[1, 2, 3]" && l.extra == "e" && isinstance(l, list) && classname(l) == "L")
l[0] = 10 l .. 5
assert(l == [10, 2, 3, 5] && l.find(3) == 2)
class M : map def item(k) return "item " .. k end end
var m = M()
m["a"] = 1
assert(m["a"] == "item a" && m.find("a") == 1 && str(m) == "{'a': 1}")
class By : bytes def init() super(self).init(-4) end def first() return self[0] end end
var by = By()
by[0] = 7
assert(by.first() == 7 && size(by) == 4)
class Text : list def tostring() return "<" + super(self).tostring() + ">" end end
var tx = Text()
tx.push(1)
assert(str(tx) == "<[1]>")

# nested classes, local classes, statics in order
class Outer
    static class Inner var v def init(v) self.v = v end def up() return _class end end
    static a = 1, b = _class.a + 1
    def make() return self.Inner(5) end
end
assert(Outer.Inner(3).v == 3 && Outer().make().v == 5 && Outer.b == 2 && classname(Outer.Inner) == "Inner")
def local_class(n)
    class X def get() return n end end
    return X
end
var x1 = local_class(1), x2 = local_class(2)
assert(x1().get() == 1 && x2().get() == 2 && x1 != x2)
class Order var a, b static c = 1, d = 2 def f() end end
assert(introspect.members(Order) == ['a', 'f', 'b', 'c', 'd'])

# inherited and hidden members of every kind
class Base
    var v
    static s = 1
    def init(v) self.v = v end
    def m() return "base " + str(self.v) end
    def call_m() return self.m() end
    static def st(x) return x end
    static class N def hi() return "hi" end end
end
class Derived : Base
    static s = 2
    def m() return "derived/" + super(self).m() end
end
class Third : Derived end
var th = Third(9)
assert(th.call_m() == "derived/base 9" && Third.s == 2 && Base.s == 1 && th.s == 2 && super(th, Base).m() == "base 9")
assert(Third.st(4) == 4 && th.st(4) == 4 && th.N().hi() == "hi" && Third.N == Base.N)
assert(super(th).m() == "derived/base 9" && super(super(th)).v == 9 && classname(super(th, Base)) == "Base")
super(th).v = 10
assert(th.v == 10)
class Sup1 : Derived def m() return super(self, Base).m() end end
assert(Sup1(1).m() == "base 1")
def outside(o) return super(o).m() end
assert(outside(Derived(3)) == "base 3")
assert(super(Third(1)).init(5) == nil)
# statics: evaluated in order when the statement runs; functions in them and in variables get no self
var log = []
def note(x) log.push(x) return x end
class Statics : note(Base)
    static a = note(1), b = note(_class.a + 1)
    static f = def (*r) return r end
    var g
    def init() self.g = def (*r) return r end end
end
assert(log == [Base, 1, 2] && Statics.f(1) == [1] && Statics().f(1) == [1] && Statics().g(1, 2) == [1, 2])
Statics.f = / x -> "changed " + str(x)
assert(Statics().f(1) == "changed 1" && Statics.b == 2)
check.raises(def () Statics.new_one = 1 end, "attribute_error", "class 'Statics' cannot assign to static attribute 'new_one'")
check.raises(def () Base.init.x = 1 end, "attribute_error", "'function' value has no writable attribute 'x'")
check.raises(/-> nil.x, "attribute_error", "'nil' value has no attribute 'x'")
check.raises(def () var t = 5 t.x = 1 end, "attribute_error", "'int' value has no writable attribute 'x'")
check.raises(/-> th.(5), "type_error")
# members by name, in every position
th.("v") = 3
assert(th.("v") == 3 && th.("m")() == "derived/base 3" && Third.("s") == 2)
th.v += 1 th.("v") += 1
assert(th.v == 5)
# constructors: the first one found, whatever it returns; none: arguments are ignored
class Ret def init() return 5 end end
assert(classname(Ret()) == "Ret")
class RetSub : Ret end
assert(classname(RetSub(1, 2)) == "RetSub")
check.raises(/-> Ret().init.nope, "attribute_error")
class InitOnce var n def init(n) self.n = n end end
var io = InitOnce(1) io.init(2)
assert(io.n == 2)
# conversions of instances
class Conv def toint() return "x" end def size() return "any" end def tobool() return true end end
assert(int(Conv()) == nil && size(Conv()) == "any" && int(Empty()) == nil && size(Empty()) == nil && !!Conv())
assert(real(Conv()) == nil && number(Conv()) == nil && str(Conv()) == "<instance: Conv()>")
class Calls def ()(a, *r) return [a, r] end end
assert(Calls()(1, 2, 3) == [1, [2, 3]] && call(Calls, 1) != nil)
# member() of the parent, undefined, and `init` that is never asked for
class Dyn var asked def init() self.asked = [] end def member(n) self.asked.push(n) if n == "none" return undefined end return n == "fn" ? / s, x -> x : n end end
class DynSub : Dyn end
var dy = DynSub()
assert(dy.abc == "abc" && dy.fn(4) == 4 && dy.asked == ["abc", "fn"])
check.raises(/-> dy.none(), "attribute_error", "the 'DynSub' object has no attribute 'none'")
check.raises(def () dy.q = 1 end, "attribute_error", "class 'DynSub' cannot assign to attribute 'q'")
class Bare : DynSub var v end
assert(Bare().v == nil)
# redefinition and the names of members
for bad : ["var a var a", "def a() end static a", "static a, a", "var a def a() end", "static class a end var a"]
    check.refused("class B " + bad + " end", "redefinition of the attribute 'a'")
end
check.refused("class B def 'x'() end end", "the token 'x' is not a valid function name.")
check.refused("class B def &&() end end", "the token '&&' is not a valid function name.")
check.refused("class B def end() end end", "the token 'end' is not a valid function name.")
class Redefined static a = 1 end
class Redefined static b = 2 end
assert(Redefined.b == 2)
check.raises(/-> Redefined.a, "attribute_error", "the 'Redefined' class has no static attribute 'a'")

# deinit runs when the collector frees; what it raises is dropped
import gc
var gone = 0
class Dying def deinit() gone += 1 raise "x" end end
def make_dying() var d = Dying() end
make_dying()
for i : 0..300 depth_filler := [i, [i]] end
gc.collect()
gc.collect()
assert(gone == 1)
# super(x) in a method of a class that x has nothing to do with: the parent of x's own class
class AnyParent def m() return "parent" end end
class AnyChild : AnyParent def m() return "child" end end
class Stranger def view(o) return super(o) end end
assert(Stranger().view(AnyChild()).m() == "parent")
# what is missing while a class statement runs is found when it has ended
class Early
    static child = (def (k) class Child : k end check.raises(/-> Child().later(), "attribute_error") return Child end)(_class)
    def later() return 1 end
end
assert(Early.child().later() == 1)
