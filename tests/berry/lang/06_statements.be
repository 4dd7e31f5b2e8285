# Section 6: if, while, for, break, continue, do.
import check
def sign(x) if x > 0 return 1 elif x < 0 return -1 else return 0 end end
assert(sign(5) == 1 && sign(-5) == -1 && sign(0) == 0)
if nil assert(false) end
var n = 0
while n < 10 n += 1 if n == 5 break end end
assert(n == 5)
var s = 0
for i : 1..10 if i % 2 continue end s += i end
assert(s == 30)
s = 0 for i : 3..1 s += 1 end assert(s == 0)
s = [] for i : range(1, 9, 3) s.push(i) end assert(s == [1, 4, 7])
s = [] for i : range(5, 1, -2) s.push(i) end assert(s == [5, 3, 1])
import math
s = [] for i : math.imax - 1 .. math.imax s.push(i) end assert(size(s) == 2)
s = [] for i : (1..) if i > 3 break end s.push(i) end assert(s == [1, 2, 3])
s = 0 for v : {"a": 1, "b": 2} s += v end assert(s == 3)
s = [] for k : {"a": 1}.keys() s.push(k) end assert(s == ["a"])
s = "" for x : ["a", "b"] s += x end assert(s == "ab")
var l = [1, 2, 3], seen = []
for x : l seen.push(x) if x == 1 l.push(4) end end
assert(seen == [1, 2, 3, 4])
l = [1, 2, 3, 4] seen = []
for x : l seen.push(x) if x == 2 l.remove(1) end end
assert(seen == [1, 2, 4])

# own iterators
class Count
    var n
    def init(n) self.n = n end
    def iter()
        var i = 0
        return def () if i >= self.n raise "stop_iteration" end i += 1 return i end
    end
end
s = 0 for x : Count(4) s += x end assert(s == 10)
var i = 0
s = 0
for x : def () i += 1 if i > 3 raise "stop_iteration" end return i end s += x end
assert(s == 6)
# stop_iteration in the body ends the loop quietly; others go on
s = 0 for x : 1..5 s += x if x == 2 raise "stop_iteration" end end assert(s == 3)
check.raises(def () for x : 1..5 raise "other", "m" end end, "other", "m")
check.raises(def () for x : Count(1) raise "stop_iteration2" end end, "stop_iteration2")
for bad : [nil, 5, "abc", bytes("0102"), Count]
    check.raises(def () for x : bad end end, "type_error", "'nil' value is not callable")
end
# the upper end is taken once; nested loops; loops in functions
s = 0 for a : 0..2 for b : a..2 if b == 1 continue end s += 10 * a + b end end assert(s == 36)
def first(l, f) for x : l if f(x) return x end end end
assert(first([1, 2, 3], / x -> x > 1) == 2 && first([], / x -> true) == nil)
check.refused("break", "break not loop")
check.refused("def f() continue end", "continue not loop")
check.refused("while true def f() break end end", "break not loop")
# leaving try by break, continue and return
def leave()
    var log = []
    for x : 0..3
        try
            if x == 1 continue end
            if x == 3 break end
            log.push(x)
        except .. log.push("never") end
    end
    try return log except .. end
end
assert(leave() == [0, 2])
class It def iter() return 5 end end
check.raises(def () for x : It() end end, "type_error", "'int' value is not callable")
assert(compile("return 1 + 1")() == 2 && compile("return")() == nil && compile("")() == nil)
# conditions without parentheses, bodies right behind
var got = "" def say(x) got += x return true end
if say("a") say("b") end
while size(got) < 4 say("c") end
if !say("d") say("e") elif say("f") && nil say("g") else say("h") end
assert(got == "abccdfh")
# every kind of value as a condition
for v : [[nil, 0], [0, 0], ["", 0], [[], 0], [0.0, 0], [1, 1], ["0", 1], [[0], 1], [print, 1], [0..0, 1]]
    var n = 0
    if v[0] n = 1 end
    assert(n == v[1])
    n = 0
    while v[0] n = 1 break end
    assert(n == v[1])
end
# a stop_iteration out of a function called in the body ends the loop too; `for` catches that only
def stops() raise "stop_iteration", "any text" end
s = 0 for x : 1..9 s += 1 if s == 2 stops() end end assert(s == 2)
check.raises(def () while true stops() end end, "stop_iteration", "any text")
s = 0 for x : 1..2 for y : 1..9 s += 1 stops() end end assert(s == 2)
# the iterator is asked for once; its value is kept when the variable changes
var asked = 0
def list_once() asked += 1 return [1, 2, 3] end
for x : list_once() end
assert(asked == 1)
var walking = [1, 2, 3], sum = 0
for x : walking walking = [] sum += x x = 100 end
assert(sum == 6)
class Once var done def iter() return self end def ()() if self.done raise "stop_iteration" end self.done = true return 7 end end
sum = 0 for x : Once() sum += x end assert(sum == 7)
for bad : ["5", "nil", "'abc'", "1.5", "true", "list", "module()"]
    check.raises(compile("for x : " + bad + " end"), "type_error", "'nil' value is not callable")
end
# break and continue in every nesting with try
def maze()
    var log = []
    for i : 0..5
        while true
            try
                try
                    if i == 1 break end
                    if i == 4 return log end
                    raise "out", i
                except "never" end
            except "out" as e, m
                log.push(m)
                if m == 2 break end
            end
            break
        end
        if i == 3 continue end
        log.push("-")
    end
end
assert(maze() == [0, "-", "-", 2, "-", 3])
check.refused("do continue end", "continue not loop")
check.refused("for i : 0..1 def f() break end end", "break not loop")
check.refused("if 1 break end", "break not loop")
