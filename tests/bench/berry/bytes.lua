local function hex(s)
    return (s:gsub("..", function(h) return string.char(tonumber(h, 16)) end))
end
local unpack, byte = string.unpack, string.byte
local function parse(b)
    local i, sum, n = 0, 0, #b
    while i + 1 < n do
        local len = byte(b, i + 1)
        if len == 0 then break end
        local kind = byte(b, i + 2)
        if kind == 0x16 and len >= 5 then
            sum = sum + unpack("<I2", b, i + 3)
            sum = sum + unpack("<i2", b, i + 5)
        else
            for j = i + 2, i + len do
                sum = sum ~ byte(b, j + 1)
            end
        end
        i = i + len + 1
    end
    return sum
end
local function run()
    local adverts = { hex("020106081695FE3058DB020A"), hex("02010610161A18A4C13800010203040506070809"),
        hex("1009476F7665655F48353037355F31323309FF88EC00033A1B6400"), hex("020106051695FE1020031AFFAA") }
    local total = 0
    for round = 1, 60000 do
        for _, b in ipairs(adverts) do total = total + parse(b) end
    end
    local buf = {}
    for round = 1, 3000 do
        for i = 0, 63 do buf[i] = i * round & 255 end
        for i = 0, 63 do total = total + buf[i] end
    end
    return total
end
print(run())
