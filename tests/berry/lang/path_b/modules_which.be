# Found by 17_modules.be through sys.path(), before path_a.
return "b"
