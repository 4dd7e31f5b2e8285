# Maps: string and int keys inserted, found, removed.
def run()
    var total = 0
    for round : 1..8
        var m = {}
        for i : 1..20000 m["key" + str(i)] = i end
        for i : 1..20000 total += m["key" + str(i)] end
        var n = {}
        for i : 1..40000 n[i * 7] = i end
        for i : 1..40000 total += n[i * 7] end
        for i : 1..20000 n.remove(i * 7) end
        for v : n total += v end
    end
    return total
end
print(run())
