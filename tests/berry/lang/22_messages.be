# Section 22: messages that scripts test for.
import check
check.refused("a = )", "unexpected symbol near ')'")
check.refused("'\\u12'", "incorrect '\\u' encoding")
check.refused("var 5", "expected 'ID' before '5'")
check.refused("print(1", "expected ')' before 'EOS'")
check.refused("[1, 2", "expected ']' before 'EOS'")
check.refused("{1 2}", "expected ':' before '2'")
check.refused("def f(1) end", "expected 'ID' before '1'")
check.refused("class A def 5() end end", "the token '5' is not a valid function name.")
check.refused("while true", "expected 'end' before 'EOS'")
check.refused("if 1 else 2", "expected 'end' before 'EOS'")
check.refused("class A", "expected 'end' before 'EOS'")
check.refused("1 ? 2", "expected ':' before 'EOS'")
check.refused("import", "expected 'ID' before 'EOS'")
try compile("\n\n)") except .. as e, m assert(m == "string:3: expected statement before ')'") end
# the right token, whatever it is
for pair : [["var if", "if"], ["var 1.5", "1.5"], ["var 'text'", "text"], ["var [", "["], ["var ==", "=="], ["var", "EOS"], ["var end", "end"], ["var nil", "nil"], ["var ->", "->"], ["var f'x'", "x"]]
    check.refused(pair[0], "expected 'ID' before '" + pair[1] + "'")
end
for pair : [["do 1", "end"], ["class A", "end"], ["def f()", "end"], ["while 1", "end"], ["for i : 1", "end"], ["if 1", "end"], ["try 1", "except"], ["import 'x'", "as"], ["[", "]"], ["(1", ")"], ["{1:2", "}"], ["/a", "->"], ["1 ? 2", ":"]]
    if pair[0] == "[" check.refused("[", "unexpected symbol near 'EOS'")
    else check.refused(pair[0], "expected '" + pair[1] + "' before 'EOS'") end
end
check.refused("1 + * 2", "unexpected symbol near '*'")
check.refused("print(end)", "unexpected symbol near 'end'")
check.refused("else", "unexpected symbol near 'else'")
check.refused("except", "unexpected symbol near 'except'")
check.refused("var a = static", "unexpected symbol near 'static'")
check.refused("x = 'a' 5 = 1", "try to assign constant expressions.")
# the line is that of the token where it was noticed
def line_of(text) try compile(text) except "syntax_error" as e, m return m end end
assert(line_of("var a\nvar\n\n5") == "string:4: expected 'ID' before '5'")
assert(line_of("print(1,\n2,\n)") == "string:3: unexpected symbol near ')'")
assert(line_of("'a\n") == "string:1: unfinished string")
assert(line_of("do\n1\n#-\n-#\n") == "string:5: expected 'end' before 'EOS'")
