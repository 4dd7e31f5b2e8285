local function run()
    local total = 0
    for round = 1, 8 do
        local m = {}
        for i = 1, 20000 do m["key" .. tostring(i)] = i end
        for i = 1, 20000 do total = total + m["key" .. tostring(i)] end
        local n = {}
        for i = 1, 40000 do n[i * 7] = i end
        for i = 1, 40000 do total = total + n[i * 7] end
        for i = 1, 20000 do n[i * 7] = nil end
        for _, v in pairs(n) do total = total + v end
    end
    return total
end
print(run())
