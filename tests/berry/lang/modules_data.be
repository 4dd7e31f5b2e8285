# Imported by 17_modules.be: runs once.
import global
global.modules_data_runs = global.modules_data_runs == nil ? 1 : global.modules_data_runs + 1
var m = module("modules_data")
m.value = 5
m.calls = global.modules_data_runs
return m
