# Section 23: the traps, one by one.
import check
assert((0 || 7) == true && (1 ? 7 : 8) == 7)                                  # 1
assert(str(1.0) == "1")                                                        # 2
var seen = [] for x : {"k": "v"} seen.push(x) end assert(seen == ["v"])        # 3
assert(type({}.keys()) == "function")
var l = [1], b = bytes("01")                                                   # 4
l .. 2 b .. 2 l + [3] b + bytes("03")
assert(l == [1, 2] && b == bytes("0102"))
assert(str(compile("return [1, 2]\n[0]")()) == "1")                            # 5
check.refused("def f() return later_on end later_on = 1")                      # 6
assert(f"{1 ? 'a' :: 'b'}" == "a")                                             # 7
class Err def ==(o) return o == "e" end end                                    # 8
try raise "e" except Err() assert(false) except "e" assert(true) end
class P def m() return "P" end end                                             # 9
class Q : P def m() return "Q" + super(self).m() end end
class R : Q end
assert(R().m() == "QP")
class F var v static def s(*a) return size(a) end def init() self.v = def (*a) return size(a) end end end   # 10
assert(F().v() == 0 && F().s() == 0)
check.raises(def () F().s = 1 end, "attribute_error")                          # 11
assert(!bytes(bytes("01")) && !bytes([1]) && size(bytes(-3)) == 3)             # 12
check.raises(/-> bytes("01")[1], "index_error")                                # 13
assert(bytes("01").get(1) == 0)
import string                                                                  # 14
assert(string.split("a,b,c", ",", 1) == ["a", "b,c"] && string.split("abc", 1) == ["a", "bc"])
var m = {1: 2} assert(!m.insert(1, 3) && m[1] == 2)                            # 15
def ret() return
7 end
assert(ret() == 7)                                                             # 17
check.refused("class", "class name error")                                     # 18
for i : 1..1000 try nil() except "type_error" end end                          # 19
var zeros = [0.0, -0.0] assert(str(zeros) == "[0, -0]")                        # 21
