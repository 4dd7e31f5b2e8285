# The floors of the house, the one place where they are written down; ARCHITECTURE.md says why.
# An #include points down a floor, never sideways, never up: tests/walls holds every file to it.
# On floor 0, port and crypto may stand on base. The small targets take floors 0 to 2.
set(MI32_FLOOR_0 base port crypto)
set(MI32_FLOOR_1 beacon hap att mijia berry)
set(MI32_FLOOR_2 registry relay settings gatt)
set(MI32_FLOOR_3 bus)
set(MI32_FLOOR_4 tasmota mqtt web homekit script pairing)
set(MI32_FLOOR_5 gateway)

# What the ports may see of src (and `capture` and `files`, which all ports share), and
# rooms that are for some only (apps and tests see all).
set(MI32_FOR_PORTS base port crypto att capture files bearer)
set(MI32_ONLY_hap homekit)
set(MI32_ONLY_berry script)
set(MI32_ONLY_mijia pairing)
set(MI32_ONLY_att)
