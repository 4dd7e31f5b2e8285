# Parsing adverts: length-type-value elements, little-endian numbers, a checksum byte by byte.
def parse(b)
    var i = 0, sum = 0, n = size(b)
    while i + 1 < n
        var len = b[i]
        if len == 0 break end
        var kind = b[i + 1]
        if kind == 0x16 && len >= 5
            sum += b.get(i + 2, 2) + b.geti(i + 4, 2)
        else
            for j : i + 2..i + len sum ^= b[j] end
        end
        i += len + 1
    end
    return sum
end
def run()
    var adverts = [bytes("020106081695FE3058DB020A"), bytes("02010610161A18A4C13800010203040506070809"),
        bytes("1009476F7665655F48353037355F31323309FF88EC00033A1B6400"), bytes("020106051695FE1020031AFFAA")]
    var total = 0
    for round : 1..60000
        for b : adverts total += parse(b) end
    end
    var buf = bytes(-64)
    for round : 1..3000
        for i : 0..63 buf[i] = i * round end
        for i : 0..63 total += buf[i] end
    end
    return total
end
print(run())
