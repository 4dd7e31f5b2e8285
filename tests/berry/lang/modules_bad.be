# Imported by 17_modules.be: does not compile.
var a = )
