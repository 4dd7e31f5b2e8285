# Nested loops over integers.
def run()
    var s = 0
    for i : 1..1500
        for j : 1..1500
            s += i * j % 7
            if s & 1 s ^= j end
        end
    end
    return s
end
print(run())
