local Point = {}
Point.__index = Point
function Point.new(x, y)
    local self = setmetatable({}, Point)
    self.x = x
    self.y = y
    return self
end
function Point:add(o) return Point.new(self.x + o.x, self.y + o.y) end
function Point:dot(o) return self.x * o.x + self.y * o.y end
local Moving = setmetatable({}, { __index = Point })
Moving.__index = Moving
function Moving.init(self, x, y)
    self.x = x
    self.y = y
    self.steps = 0
    return self
end
function Moving.new(x, y)
    return Moving.init(setmetatable({}, Moving), x, y)
end
function Moving:move(dx)
    self.x = self.x + dx
    self.steps = self.steps + 1
    return self
end
local function counter()
    local n = 0
    return function(by)
        n = n + by
        return n
    end
end
local function run()
    local p, step, total = Point.new(0, 0), Point.new(1, 2), 0
    for i = 1, 300000 do
        p = p:add(step)
        total = total + p:dot(step)
    end
    local m = Moving.new(0, 0)
    for i = 1, 500000 do m:move(i & 3) end
    for i = 1, 50000 do total = total + Moving.new(i, i):move(1).x end
    local c = counter()
    for i = 1, 1000000 do c(1) end
    return total + m.x + m.steps + c(0)
end
print(run())
