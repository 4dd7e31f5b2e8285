# What a script can try against the engine: objects that vanish while C code looks at them, classes
# used before they are complete, containers that change under a search. Each was found by an attack.
import check
import gc
import json
import undefined

# a class in use while its statement still runs
class Early static first = _class() var x, y def set() self.x = 1 self.y = 2 return self.x + self.y end end
assert(Early.first.x == nil && Early.first.set() == 3)
class Outer static class Inner : Outer var own end var a, b def init() self.a = 1 self.b = 2 end end
var inner = Outer.Inner()
inner.own = 3
assert(inner.a == 1 && inner.b == 2 && inner.own == 3)
class Loop : map static inst = _class() var v end
Loop.inst["k"] = 1
Loop.inst.v = 2
assert(Loop.inst["k"] == 1 && Loop.inst.v == 2)
check.raises(/-> compile("class A : (def () class B : A end return B end)() end")(), "type_error", "value 'class' does not support set super")
check.raises(/-> compile("class A : A() end")(), "type_error", "class 'A' has no parent yet")
check.raises(/-> compile("class A : A end")(), "type_error", "value 'class' does not support set super")

# methods replaced by what is none
class Replaced def init() end def deinit() end def tostring() end def hash() end def m() end end
Replaced.init = 5
check.raises(/-> Replaced(), "type_error", "'int' value is not callable")
Replaced.init = / self -> nil
Replaced.deinit = nil
Replaced.tostring = 1
Replaced.hash = "x"
Replaced.m = [1]
var r = Replaced()
check.raises(/-> r.m(), "attribute_error", "class 'Replaced' has no method 'm'")
assert(str(r) == "<instance: Replaced()>" && {r: 1}[r] == 1)
r = nil
gc.collect()

# bytes over bytes over bytes: the memory lives as long as the last of them
def aliases()
    var a = bytes(-64), d = bytes(-64)
    var b = bytes(a._buffer(), 64)
    var c = bytes(b._buffer(), 64)
    b._change_buffer(d._buffer())
    a = nil
    gc.collect()
    c[0] = 5
    return c[0]
end
assert(aliases() == 5)
check.raises(/-> bytes(bytes("01")._buffer(), 1), "value_error")
check.raises(/-> bytes(bytes(-4)._buffer() + 2, 3), "value_error")
check.raises(/-> (bytes(-4)._buffer() - 1)[0], "value_error")
check.raises(/-> bytes(bytes(-4)._buffer(), -1), "value_error")

# a map whose keys' own == removes them
var m = {}, keys = [], armed = false
class Key
    var n
    def init(n) self.n = n end
    def hash() return 7 end
    def ==(o)
        if armed && self.n == 2 armed = false m.remove(keys[1]) return true end
        return self.n == o.n
    end
end
def fill() m = {} keys = [Key(1), Key(2), Key(3)] for k : keys m[k] = k.n end armed = true end
fill() m.remove(Key(2)) assert(m.size() <= 3)
fill() m[Key(2)] = 5 assert(m.size() <= 4)
fill() m.find(Key(2)) assert(m.size() <= 3)
class Grows def hash() return 3 end def ==(o) for i : 0..99 m[i] = i end return true end end
m = {}
m[Grows()] = 1
m[Grows()] = 2
m.remove(Grows())
assert(m.size() >= 100)

# objects whose methods drop the last reference to themselves and to what they belong to
class Vanish
    var f, result
    def init(result) self.result = result end
    def go()
        var f = self.f, result = self.result
        self = nil
        f()
        gc.collect()
        return result
    end
    def hash() return self.go() end
    def tostring() return self.go() end
    def tobool() return self.go() end
    def ==(o) o = nil return self.go() end
    def <(o) o = nil return self.go() end
    def item(i) i = nil return self.go() end
    def setitem(i, v) i = nil v = nil return self.go() end
    def member(n) n = nil return self.go() end
    def setmember(n, v) n = nil v = nil return self.go() end
    def iter() return self.go() end
    def toint() return self.go() end
end
# `use` gets the object and runs it through an operation; the object's last variable goes during it.
def vanish(result, use)
    var o = Vanish(result)
    o.f = def () o = nil end
    return use(/-> o)
end
check.raises(/-> vanish(1, / o -> str(o())), "runtime_error", "the value of `Vanish::tostring()` is not a 'string'")
check.raises(/-> vanish("x", / o -> {o(): 1}), "runtime_error", "the value of `Vanish::hash()` is not a 'int'")
check.raises(/-> vanish(1, / o -> !o()), "runtime_error", "the value of `Vanish::tobool()` is not a 'bool'")
check.raises(/-> vanish(1, / o -> o() == 5), "type_error", "`Vanish::==` return value error, the expected type is 'bool'")
check.raises(/-> vanish(1, / o -> o() < 5), "type_error", "`Vanish::<` return value error, the expected type is 'bool'")
check.raises(/-> vanish(undefined, / o -> o().("na" + "me")), "attribute_error", "the 'Vanish' object has no attribute 'name'")
check.raises(/-> vanish(undefined, / o -> o().("na" + "me")()), "attribute_error", "the 'Vanish' object has no attribute 'name'")
check.raises(/-> vanish(false, def (o) o().("na" + "me") = [1] end), "attribute_error", "class 'Vanish' cannot assign to attribute 'name'")
assert(vanish([1], / o -> o()[[2]])[0] == 1)
check.raises(/-> vanish(1, def (o) for i : o() end end), "type_error", "'int' value is not callable")
assert(vanish(7, / o -> int(o())) == 7)

# containers emptied while they are printed, compared, written as JSON
var held
class Clears
    var text
    def init(text) self.text = text end
    def tostring() held.clear() self = nil gc.collect() return "gone" end
    def ==(o) held.clear() o = nil self = nil gc.collect() return true end
end
def nest() held = [[Clears(1), [2], "three" * 20, {4: 5}]] for i : 0..50 held[0].push([i, str(i) * 30]) end return held end
assert(size(str(nest())) > 100)
assert(size(json.dump(nest())) > 100)
assert(size(nest().concat()) > 0)
assert(size(format("%s %q %40s", nest(), nest(), nest())) > 0)
var other = [[1, [2], "three" * 20, {4: 5}]]
nest()
assert((held == other) == false)
held = [Clears(1)]
assert(held.find(1) == 0)
var inner_map = {}
class Unmaps def tostring() for k : 0..9 inner_map.remove(k) end gc.collect() return "u" end end
def fill_map() inner_map = {Unmaps(): ["long enough" * 10]} for i : 0..9 inner_map[i] = [str(i) * 50] end return inner_map end
assert(size(str(fill_map())) > 10)
assert(size(json.dump(fill_map())) > 10)

# the left side of .. goes while the right side is turned into text
def joined()
    var s = "a text that is too long to be shared between variables, it is " + str(gc.allocated())
    var o = Vanish("tail")
    o.f = def () s = nil end
    return size(s .. o)
end
assert(joined() > 60)

# a key, its value and their map go while the key is asked for its hash
def unkeyed()
    var map_ = {}, k = Vanish(5), v = [1, 2, 3]
    k.f = def () k = nil v = nil map_ = nil end
    map_[k] = v
    return map_ == nil
end
assert(unkeyed())

# iterators, exceptions, super and natives with the wrong receiver
check.raises(/-> list.push(5, 1), "type_error", "list expected")
check.raises(/-> map.insert([], 1, 2), "type_error", "map expected")
check.raises(/-> bytes.get("x", 1), "type_error", "bytes expected")
check.raises(/-> range.lower(nil), "type_error", "range expected")
check.raises(/-> list.item(), "type_error", "list expected")
check.raises(/-> call(list.init, nil, 1), "type_error", "list expected")
class SubList : list def init() end end
check.raises(/-> SubList()[0], "index_error")
class SubBytes : bytes def init() end end
assert(SubBytes().size() == 0 && SubBytes().tohex() == "" && SubBytes().asstring() == "")
class SubRange : range def init() end end
assert(str(SubRange()) == "range(0, 0, 0)")
for i : SubRange() end
assert(super(SubList()).size() == 0 && str(super(SubList())) == "[]")
var it = [1, 2, 3].iter()
assert(it() == 1 && it() == 2 && it() == 3)
check.raises(it, "stop_iteration")
check.raises(it, "stop_iteration")
class Raises def tostring() raise Raises(), Raises() end end
class Raises def tostring() raise Raises(), Raises() end end
try str(Raises()) assert(false) except .. as e, text assert(classname(e) == "Raises" && classname(text) == "Raises") end

# changing a list while walking it
var walked = [1, 2, 3], seen = 0
for x : walked seen += 1 if seen < 10 walked.push(x) end end
assert(seen == 12 && walked.size() == 12)
for x : walked walked.clear() end
for x : [1, 2, 3] walked.push(x) if walked.size() > 2 break end end
var walked_map = {1: 1, 2: 2, 3: 3}
seen = 0
for x : walked_map seen += 1 if seen < 100 walked_map[seen * 10] = seen end end
assert(seen >= 3)
for x : walked_map for k : 0..1000 walked_map.remove(k) end end
assert(walked_map.size() == 0)

# what raises in the collector's calls of deinit is dropped, and the VM goes on
class Bad def deinit() raise "deinit" end end
class Deep def deinit() self.deinit() end end
for i : 0..20 Bad() Deep() end
gc.collect()
assert(true)

# a builtin that is hidden by a global
compile("def print(x) return x end assert(print(5) == 5)")()
compile("import global global.undef('print')")()
compile("print = nil str = 1 list = [2] assert(list == [2])")()
compile("import global global.undef('print') global.undef('str') global.undef('list')")()
assert(str(list(1)) == "[1]")
