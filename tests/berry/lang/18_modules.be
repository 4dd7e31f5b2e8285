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
