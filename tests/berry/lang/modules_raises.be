# Imported by 17_modules.be: raises.
raise "my_error", "text"
