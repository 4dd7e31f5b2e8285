# Imported by 17_modules.be: what its init gives is the module.
var m = module("modules_init")
m.init = def (m) return 42 end
return m
