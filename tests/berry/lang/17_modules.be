# Section 17: modules and import.
import check
import modules_data as md
assert(md.value == 5 && md.calls == 1)
import modules_data
assert(modules_data.calls == 1 && modules_data.value == 5)
def f() import modules_data as again return again.value end
assert(f() == 5)
check.raises(/-> compile("import no_such_module")(), "import_error", "module 'no_such_module' not found")
check.raises(/-> compile("import modules_bad")(), "syntax_error", "modules_bad.be:2: unexpected symbol near ')'")
check.raises(/-> compile("import modules_raises")(), "my_error", "text")
import modules_init as mi
assert(mi == 42)
import "modules_data" as quoted
assert(quoted.value == 5)
check.refused("import 'x'")
var m = module("mine")
m.a = 1 m.f = / x -> x * 2
assert(m.a == 1 && m.f(4) == 8 && str(m) == "<module: mine>")
check.raises(/-> m.nope, "attribute_error", "module 'mine' has no member 'nope'")
check.raises(/-> m.nope(), "attribute_error", "module 'mine' has no member 'nope'")
import undefined
m.member = / n -> n == "dyn" ? 7 : undefined
assert(m.dyn == 7)
check.raises(/-> m.other, "attribute_error", "module 'mine' has no member 'other'")
import math
check.raises(def () math.x = 1 end, "attribute_error", "'module' value has no writable attribute 'x'")
check.raises(/-> math.nope, "attribute_error", "module 'math' has no member 'nope'")
check.refused("import math, string as st")
import math, string
assert(string.hex(255) == "FF")
# a ring of modules is refused, and each can be tried again
check.raises(/-> compile("import modules_ring")(), "import_error", "module 'modules_ring' imports itself")
check.raises(/-> compile("import modules_ring_back")(), "import_error", "module 'modules_ring_back' imports itself")
# the folders: the importer's own first, then sys.path() from its end
import sys
assert(sys.path().find("path_a") == nil)
sys.path().push("path_a")
sys.path().push("path_b")
assert(compile("import modules_which return modules_which")() == "b")
sys.path().pop()
import introspect
assert(introspect.module("modules_which") == "b" && introspect.module("modules_which", true) == "a")
assert(compile("import modules_far as far return far")() == "far near")
assert(compile("import 'path_b/modules_which' as quoted_path return quoted_path")() == "b")
# several at once, in a function, and the names they bind
def several() import string, math return [string.hex(10), math.min(2, 1)] end
assert(several() == ["A", 1])
check.refused("def f() import nothing_known_here return string2 end", "'string2' undeclared (first use in this function)")
# once only, and what the cache holds can be replaced
introspect.setmodule("math", "mine")
assert(compile("import math as m2 return m2")() == "mine")
assert(introspect.module("math", true) != "mine")
# a module that raised can be imported again
check.raises(/-> compile("import modules_raises")(), "my_error", "text")
check.raises(/-> introspect.module("modules_raises"), "my_error", "text")
check.raises(/-> compile("import 'x'.y as z"), "syntax_error")
