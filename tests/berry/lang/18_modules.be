# Section 18: math, introspect, gc, time, os, sys, debug.
import check
import math
assert(math.abs(-3) == 3 && type(math.abs(-3)) == "real" && math.sqrt(4) == 2 && math.pow(2, 10) == 1024 && math.sqrt("x") == 0)
assert(math.floor(-1.5) == -2 && math.ceil(1.2) == 2 && math.round(2.5) == 3 && math.round(-2.5) == -3)
assert(math.abs(math.sin(math.pi / 2) - 1) < 1e-6 && math.abs(math.deg(math.pi) - 180) < 1e-4 && math.abs(math.rad(180) - math.pi) < 1e-6 && math.abs(math.exp(math.log(5)) - 5) < 1e-5 && math.log10(1000) > 2.999)
for g : [math.cos, math.tan, math.asin, math.acos, math.atan, math.sinh, math.cosh, math.tanh] assert(type(g(0.5)) == "real") end
assert(math.abs(math.atan2(1, 1) - math.pi / 4) < 1e-6)
assert(math.min(3, 1, 2) == 1 && math.max(3, 1.5) == 3 && type(math.max(3, 1.5)) == "real" && type(math.min(1, 2)) == "int" && math.min() == nil)
check.raises(/-> math.min(1, "a"), "type_error", "arguments must be numbers")
assert(math.isnan(math.nan) && !math.isnan(1) && math.isinf(math.inf) && math.isinf(-math.inf) && !math.isinf(5))
math.srand(5) var r = math.rand() math.srand(5) assert(r == math.rand() && r >= 0 && r != math.rand())
import introspect
class A var a static s = 1 def m() end end
assert(introspect.members(A) == introspect.members(A()) && introspect.members(A).find("a") != nil && introspect.members().find("A") != nil && introspect.members(introspect).find("get") != nil)
var o = A()
assert(introspect.get(o, "a") == nil && introspect.get(A, "s") == 1 && introspect.get(o, "zz") == nil && type(introspect.get(o, "zz", true)) == "module" && introspect.get(5, "x") == nil)
introspect.set(o, "a", 5)
assert(o.a == 5 && introspect.contains(o, "m") && !introspect.contains(o, "zz") && introspect.contains(A, "s") && !introspect.contains(A, "a"))
assert(introspect.module("math") == nil || introspect.module("math").pi > 3)
assert(introspect.module("no_such_thing") == nil)
introspect.setmodule("made_up", 7)
import made_up
assert(made_up == 7)
assert(introspect.name(A) == "A" && introspect.name(math) == "math" && introspect.name(5) == nil && introspect.name(print) == nil)
assert(introspect.ismethod(o.m) && !introspect.ismethod(/-> 1) && introspect.ismethod(print) == nil && !introspect.solidified(A))
var l = [1]
assert(introspect.fromptr(introspect.toptr(l)) == l && type(introspect.toptr(l)) == "ptr" && introspect.fromptr(introspect.toptr(1000)) == nil)
assert(str(introspect.toptr(0x400)) == "<ptr: 0x400>" && introspect.toptr(8) + 8 == introspect.toptr(16) && introspect.toptr(8) - 4 == introspect.toptr(4))
import gc
assert(gc.allocated() > 1000 && gc.collect() == nil)
import time
assert(type(time.time()) == "int" && type(time.clock()) == "real" && time.dump(nil) == nil && time.dump(1700000000)["year"] == 2023)
for k : ["year", "month", "day", "hour", "min", "sec", "weekday", "epoch"] assert(time.dump(1700000000).contains(k)) end
import os
assert(os.path.join("a", "b") == "a/b" && os.path.join("a/", "b") == "a/b" && os.path.join("a", "/b") == "/b" && os.path.split("/a/b.c") == ["/a", "b.c"] && os.path.split("x") == ["", "x"] && os.path.split("/x") == ["/", "x"] && os.path.splitext("/a.d/b.c") == ["/a.d/b", ".c"] && os.path.splitext("a.d/b") == ["a.d/b", ""])
check.raises(/-> os.system("true"), "io_error", "system is not possible here")
import sys
assert(sys.path() == sys.path() && isinstance(sys.path(), list))
sys.path().push("no/such/folder")
check.raises(/-> compile("import still_missing")(), "import_error")
import debug
debug.attrdump(o)
def me() return debug.caller(1) end
assert(me() == me && debug.caller(0) == debug.caller && debug.caller(99) == nil && debug.calldepth() > 0 && type(debug.top()) == "int" && debug.counters()["objects"] > 10)
# math: other arguments, both widths
for g : [math.sin, math.cos, math.tan, math.asin, math.acos, math.atan, math.sinh, math.cosh, math.tanh, math.sqrt, math.exp, math.log, math.log10, math.deg, math.rad, math.abs, math.ceil, math.floor, math.round]
    assert(type(g(1)) == "real" && g("x") == 0 && g() == 0 && type(g(0.5)) == "real")
end
assert(math.abs(-3.5) == 3.5 && math.floor(2) == 2 && type(math.floor(2)) == "real" && math.round(0.5) == 1 && math.round(-0.5) == -1 && math.round(0.4) == 0 && math.pow(2) == 1)
assert(math.isnan(math.sqrt(-1)) && math.isinf(-math.log(0)) && !math.isnan("x") && !math.isinf() && !math.isnan() && math.isinf(1e999))
assert(math.max() == nil && math.max(1) == 1 && math.min(-1, 1.0, 0) == -1 && type(math.min(-1, 1.0)) == "real" && math.max(math.imin, math.imax) == math.imax && math.imin == -math.imax - 1)
check.raises(/-> math.max(nil), "type_error", "arguments must be numbers")
check.raises(/-> math.max("a", 1), "type_error", "arguments must be numbers")
math.srand(1) var first = [] for i : 0..4 first.push(math.rand()) end
math.srand(1) for i : 0..4 assert(math.rand() == first[i] && first[i] >= 0) end
# introspect: on anything, by any name
class Base var bv static bs = 1 def bm() end end
class Sub : Base var sv end
assert(introspect.members(Sub) == ["sv"] && introspect.members(Sub()) == ["sv"] && introspect.members(5) == [] && introspect.members("x") == [])
assert(introspect.get(Sub(), "bs") == 1 && introspect.get(Sub, "bm") == Base.bm && introspect.get(Sub(), "nope") == nil && introspect.get(nil, "x") == nil && introspect.get(Sub(), 5) == nil)
assert(introspect.contains(Sub(), "bv") && introspect.contains(Sub, "bs") && !introspect.contains(Sub, "sv") && !introspect.contains(5, "x") && introspect.contains(math, "pi") && !introspect.contains(math, "tau"))
import undefined
assert(introspect.get(Sub(), "nope", true) == nil || type(introspect.get(Sub(), "nope", true)) == "module")
assert(str(introspect.get(math, "nope", true)) == "<module: undefined>" && introspect.get(math, "pi", true) == math.pi)
var sub = Sub()
introspect.set(sub, "bv", 7) introspect.set(Base, "bs", 8)
assert(sub.bv == 7 && Base.bs == 8 && introspect.set(5, "x", 1) == nil)
check.raises(/-> introspect.set(sub, "nope", 1), "attribute_error", "class 'Sub' cannot assign to attribute 'nope'")
check.raises(/-> introspect.set(math, "pi", 3), "attribute_error", "'module' value has no writable attribute 'pi'")
assert(introspect.name(Sub().bm) == "bm" && introspect.name(undefined) == "undefined" && introspect.name(module()) == nil && introspect.name(module("q")) == "q" && introspect.name(Sub()) == nil && introspect.name(list) == "list")
assert(introspect.ismethod(Base.bm) && introspect.ismethod(5) == nil && introspect.ismethod(def () end) == false && introspect.ismethod([].push) == nil)
assert(introspect.toptr(nil) == nil && introspect.toptr("a") != nil && introspect.fromptr(nil) == nil && introspect.fromptr(introspect.toptr(sub)) == sub && introspect.fromptr(introspect.toptr(sub) + 1) == nil)
assert(introspect.fromptr(introspect.toptr("text")) == "text" && introspect.toptr(sub) == introspect.toptr(sub) && introspect.solidified(math) == false)
# the module global, in every form
import global
global.gm = 1 global.("g" + "n") = 2
assert(global.gm == 1 && global.gn == 2 && global.("gm") == 1 && global().find("gn") != nil && introspect.get(global, "gm") == 1)
introspect.set(global, "gm", 5)
assert(global.gm == 5 && !global.contains("g_none") && global.contains("list") && global.g_none == nil && global.list == list)
assert(global.undef("gm") == nil && global.undef("gm") == nil && global.undef("list") == nil && global.list == list && !global.contains("gm") && global.contains() == false)
global.list = 5 assert(global.list == 5) global.undef("list") assert(global.list == list)
# gc, time, sys, debug: the rest
var before = gc.allocated()
var ballast = [] ballast.resize(1000)
assert(gc.allocated() > before)
ballast = nil gc.collect()
assert(time.dump("x") == nil && time.dump(1700000000)["epoch"] == 1700000000 && time.time() == 1700000000 && time.clock() == 1.5)
assert(debug.calldepth() == 1 + (def () return 0 end)() || debug.calldepth() > 0)
assert(debug.traceback() == nil && debug.attrdump(5) == nil && debug.attrdump([sub]) == nil && debug.attrdump(Sub) == nil && debug.counters()["bytes"] > 0)
def lvl0() return debug.caller(2) end
def lvl1() return lvl0() end
assert(lvl1() == lvl1 && debug.caller(-1) == nil)
# os: what this host does not offer says so; paths are only text
for g : [/-> os.getcwd(), /-> os.chdir("x"), /-> os.mkdir("x"), /-> os.listdir()] check.raises(g, "io_error") end
assert(os.path.exists("check.be") && os.path.isfile("check.be") && !os.path.isdir("check.be") && !os.path.exists("nope.be") && !os.path.exists())
assert(os.path.join() == "" && os.path.join("a") == "a" && os.path.join("a", "", "b") == "a/b" && os.path.join("/a", "b", "c.d") == "/a/b/c.d" && os.path.splitext("x") == ["x", ""] && os.path.splitext(".x") == [".x", ""] && os.path.splitext("a.b.c") == ["a.b", ".c"] && os.path.split("a/b/") == ["a/b", ""] && os.path.split() == nil)
assert(os.remove("/no/such/file") == false && os.remove() == false)
