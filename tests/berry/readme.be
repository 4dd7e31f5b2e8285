# What the runner of src/berry/README.md is tested with.
greet("world")
greet(5)
