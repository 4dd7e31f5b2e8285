local function sort(l, from, to)
    while from < to do
        local pivot, i, j = l[(from + to) // 2], from, to
        while i <= j do
            while l[i] < pivot do i = i + 1 end
            while l[j] > pivot do j = j - 1 end
            if i <= j then
                local t = l[i]
                l[i] = l[j]
                l[j] = t
                i = i + 1
                j = j - 1
            end
        end
        if j - from < to - i then
            sort(l, from, j)
            from = i
        else
            sort(l, i, to)
            to = j
        end
    end
end
local function run()
    local l, x = {}, 42
    for i = 1, 150000 do
        x = (x * 1103515245 + 12345) % 2147483648
        l[#l + 1] = x
    end
    sort(l, 1, #l)
    for i = 2, #l do assert(l[i - 1] <= l[i]) end
    local m = {}
    for i = 0, 3000 do table.insert(m, i // 2 + 1, i) end
    return l[1] .. " " .. l[150000] .. " " .. m[1501]
end
print(run())
