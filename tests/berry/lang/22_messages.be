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
