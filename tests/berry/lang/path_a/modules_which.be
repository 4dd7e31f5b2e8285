# Found by 17_modules.be through sys.path().
return "a"
