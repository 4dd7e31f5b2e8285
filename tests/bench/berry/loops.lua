local function run()
    local s = 0
    for i = 1, 1500 do
        for j = 1, 1500 do
            s = s + i * j % 7
            if s & 1 ~= 0 then s = s ~ j end
        end
    end
    return s
end
print(run())
