# Method calls, member access, inheritance, closures.
class Point
    var x, y
    def init(x, y) self.x = x self.y = y end
    def add(o) return Point(self.x + o.x, self.y + o.y) end
    def dot(o) return self.x * o.x + self.y * o.y end
end
class Moving : Point
    var steps
    def init(x, y) super(self).init(x, y) self.steps = 0 end
    def move(dx) self.x += dx self.steps += 1 return self end
end
def counter()
    var n = 0
    return def (by) n += by return n end
end
def run()
    var p = Point(0, 0), step = Point(1, 2), total = 0
    for i : 1..300000 p = p.add(step) total += p.dot(step) end
    var m = Moving(0, 0)
    for i : 1..500000 m.move(i & 3) end
    for i : 1..50000 total += Moving(i, i).move(1).x end
    var c = counter()
    for i : 1..1000000 c(1) end
    return total + m.x + m.steps + c(0)
end
print(run())
