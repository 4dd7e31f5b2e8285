local function run()
    local total = 0
    for round = 1, 40 do
        local s, parts = "", {}
        for i = 1, 1500 do
            s = s .. "x" .. tostring(i)
            parts[#parts + 1] = string.format("%d:%s", i, "ab")
        end
        total = total + #s + #table.concat(parts, ",")
    end
    return total
end
print(run())
