# One set of warnings for everything we compile. They are errors unless a packager says otherwise
# (-DMI32_WERROR=OFF), so that a newer compiler's new warning never stops a user's build.
option(MI32_WERROR "Treat warnings as errors" OFF)

add_library(mi32_warnings INTERFACE)
target_compile_options(mi32_warnings INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes
    -Wmissing-prototypes -Wold-style-definition -Wpointer-arith -Wcast-qual -Wwrite-strings
    -Wundef -Wvla -Wformat=2 -Wswitch-enum
    # texts in two pieces are usual in our tables, and gcc does not warn of them
    $<$<C_COMPILER_ID:Clang>:-Wno-string-concatenation>
    $<$<BOOL:${MI32_WERROR}>:-Werror>)
