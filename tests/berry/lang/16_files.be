# Section 16: files, over what the host offers.
import check
import os
var name = size(_argv) > 1 ? _argv[1] : "/tmp/mi32-berry-file-test"
var f = open(name, "w")
assert(str(f) == "<instance: file()>" && classname(f) == "file")
assert(f.write("line 1\n") == nil && f.write(bytes("6C320A")) == nil)
f.write("no end")
assert(f.tell() == 16)
f.flush() f.close()
assert(f.write("x") == nil && f.read() == nil && f.size() == nil && f.close() == nil)
f = open(name)
assert(f.size() == 16 && f.readline() == "line 1\n" && f.readline() == "l2\n" && f.tell() == 10 && f.readline() == "no end" && f.readline() == "")
f.seek(5)
assert(f.read(1) == "1" && f.read() == "\nl2\nno end" && f.read() == "")
f.seek(0)
assert(f.readbytes(4) == bytes("6C696E65") && size(f.readbytes()) == 12)
f.close()
f = open(name, "w")
for i : 0..99 f.write(str(i) + ",") end
f.close()
f = open(name)
assert(size(f.readline()) == 290)
f.close()
check.raises(/-> open("/no/such/file"), "io_error", "cannot open file '/no/such/file'")
assert(os.remove(name) && !os.path.exists(name))
