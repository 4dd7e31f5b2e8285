# Section 18: the module string.
import check
import string
var f = string.format
assert(f("%d %i %5d|%-5d|%05d|%+d|% d", 1, 2, 3, 4, 5, 6, 7) == "1 2     3|4    |00005|+6| 7")
assert(f("%x %X %#x %o", 255, 255, 255, 8) == "ff FF 0xff 10" && f("%c%c", 72, 105) == "Hi")
assert(f("%.2f %e %g %G %8.3f", 3.14159, 1.5, 0.1, 1e20, 2.5) == "3.14 1.500000e+00 0.1 1E+20    2.500")
assert(f("%f", 1) == "1.000000" && f("%d", 1.9) == "1" && f("%d", "12") == "12" && f("%d", nil) == "" && f("%f", nil) == "")
assert(f("%s %s %s", "a", nil, [1, "x"]) == "a nil [1, 'x']" && f("%5s|%-5s|%.2s", "ab", "cd", "efg") == "   ab|cd   |ef")
assert(f("%q %q", "it's", 5) == "'it\\'s' 5" && f("100%%") == "100%" && f("x") == "x" && f("%s", "y", "extra") == "y")
check.raises(/-> f("%d"), "runtime_error", "bad argument #2 to 'format': no value")
check.raises(/-> f("%d %d", 1), "runtime_error", "bad argument #3 to 'format': no value")
check.raises(/-> f("%y", 1), "runtime_error", "invalid option '%y' to 'format'")
assert(f(5) == nil && size(f("%s", "x" * 500)) == 500)
assert(f("%99d", 1) == " " * 98 + "1" && f("%.40f", 0.5)[0..3] == "0.50")
import math
assert(f("%u", -1) == (math.imax == 2147483647 ? "4294967295" : "18446744073709551615"))
assert(string.find("hello", "l") == 2 && string.find("hello", "l", 3) == 3 && string.find("hello", "z") == -1 && string.find("hello", "lo", 0, 4) == -1 && string.find("hello", "") == 0 && string.find("a", "abc") == -1 && string.find(5, "a") == -1)
assert(string.count("aaaa", "aa") == 3 && string.count("abab", "ab", 1) == 1 && string.count("a", 5) == 0)
assert(string.split("a,b,,c", ",") == ["a", "b", "", "c"] && string.split("a,b,c", ",", 1) == ["a", "b,c"] && string.split("abc", "") == ["abc"] && string.split("", ",") == [""])
assert(string.split("hello", 2) == ["he", "llo"] && string.split("hello", -1) == ["hell", "o"] && string.split("hello", 99) == ["hello", ""] && string.split("hello", -99) == ["", "hello"] && string.split(5, ",") == [])
assert(string.hex(255) == "FF" && string.hex(255, 4) == "00FF" && string.hex(0) == "0" && size(string.hex(-1)) == (math.imax == 2147483647 ? 8 : 16) && string.hex("a") == nil)
assert(string.byte("A") == 65 && string.byte("") == 0 && string.char(65) == "A" && string.char(65 + 256) == "A" && size(string.char(0)) == 1)
assert(string.toupper("aBc1") == "ABC1" && string.tolower("aBC1") == "abc1" && string.toupper("\u00e9") == "\u00e9" && string.toupper(5) == nil)
assert(string.tr("hello", "el", "ip") == "hippo" && string.tr("hello", "l", "") == "heo" && string.tr("abc", "", "x") == "abc")
assert(string.replace("aXbXc", "X", "--") == "a--b--c" && string.replace("abc", "", "x") == "abc" && string.replace("aaa", "a", "aa") == "aaaaaa")
assert(string.escape("a\"b\n") == "\"a\\\"b\\n\"" && string.escape("it's", true) == "'it\\'s'")
assert(string.startswith("hello", "he") && !string.startswith("hello", "HE") && string.startswith("hello", "HE", true) && string.endswith("hello", "lo") && !string.endswith("lo", "hello") && string.endswith("hello", "LO", true))
assert(string.startswith(5, "a") == nil && string.replace("a", "b") == nil)
