# Building strings: pieces joined, formatted, and put together from a list.
import string
def run()
    var total = 0
    for round : 1..40
        var s = "", parts = []
        for i : 1..1500
            s += "x" + str(i)
            parts.push(string.format("%d:%s", i, "ab"))
        end
        total += size(s) + size(parts.concat(","))
    end
    return total
end
print(run())
