# Helpers of the tests: what a call raises, and what a piece of source is refused with.
var check = module("check")

# f() must raise `name`; with a text, exactly that one.
check.raises = def (f, name, text)
    var raised = nil, message = nil
    try
        f()
    except .. as e, m
        raised = e
        message = m
    end
    assert(raised == name, "raised " + str(raised) + " (" + str(message) + ") instead of " + name)
    if text != nil
        assert(message == text, "message '" + str(message) + "' instead of '" + text + "'")
    end
end

# The source must be refused; `text` is the message without its place.
check.refused = def (source, text)
    check.raises(/-> compile(source), "syntax_error", text == nil ? nil : "string:1: " + text)
end

# The value of an expression given as text.
check.value = def (source) return compile("return " + source)() end

check.same = def (got, wanted)
    assert(str(got) == str(wanted) && type(got) == type(wanted),
        "got " + str(got) + " instead of " + str(wanted))
end

return check
