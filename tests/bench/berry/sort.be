# Lists: a quicksort over element access, and insertions in the middle.
def sort(l, from, to)
    while from < to
        var pivot = l[(from + to) / 2], i = from, j = to
        while i <= j
            while l[i] < pivot i += 1 end
            while l[j] > pivot j -= 1 end
            if i <= j
                var t = l[i]
                l[i] = l[j]
                l[j] = t
                i += 1
                j -= 1
            end
        end
        if j - from < to - i
            sort(l, from, j)
            from = i
        else
            sort(l, i, to)
            to = j
        end
    end
end
def run()
    var l = [], x = 42
    for i : 1..150000
        x = (x * 1103515245 + 12345) % 2147483648
        l.push(x)
    end
    sort(l, 0, size(l) - 1)
    for i : 1..size(l) - 1 assert(l[i - 1] <= l[i]) end
    var m = []
    for i : 0..3000 m.insert(i / 2, i) end
    return str(l[0]) + " " + str(l[149999]) + " " + str(m[1500])
end
print(run())
