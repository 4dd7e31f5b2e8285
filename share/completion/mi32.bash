# Completion of mi32 for bash: subcommands, options, files, and the commands of the running gateway.

# The options of a subcommand, as its --help shows them.
_mi32_options()
{
    case $1 in
    run) echo '--radio --listen --data --config --sensors --json --check-config -v --verbose' ;;
    decode) echo '--keys --stream' ;;
    cmd) echo '--data -r --running' ;;
    scan) echo '-a --all -s --seconds --json --data --radio' ;;
    doctor) echo '--data --json' ;;
    pair) echo '-y --yes -s --seconds --data --radio' ;;
    record) echo '-n --lines --data --radio' ;;
    bench) echo '--json' ;;
    berry) echo '-e --execute -i --interactive -m --path -s --strict -g --named --heap --steps' ;;
    esac
    echo '-h --help'
}

_mi32_adapters()
{
    ls /sys/class/bluetooth 2>/dev/null
}

# Prints what may follow the option $1 before the word $2; fails where the option takes no argument.
_mi32_argument()
{
    case $1 in
    --radio) compgen -W "auto demo none replay: $(_mi32_adapters)" -- "$2" ;;
    --data | -m | --path) compgen -d -- "$2" ;;
    --config | --keys) compgen -f -- "$2" ;;
    --listen | --sensors | -n | --lines | --seconds | -e | --execute | --heap | --steps) ;;
    *) return 1 ;;
    esac
}

# The names of the gateway's commands; none when no gateway runs.
_mi32_commands()
{
    "$1" cmd --running Help 2>/dev/null | tr -d '[]{}"' | sed -n 's/^Help[0-9]*://p' | tr ',' ' '
}

# Prints what may stand in place of the word $3 behind the words $1 (program) and $2 (subcommand).
_mi32_word()
{
    case $2:$3 in
    *:-*) compgen -W "$(_mi32_options "$2")" -- "$3" ;;
    cmd:*) compgen -W "$(_mi32_commands "$1")" -- "$3" ;;
    decode:* | record:* | berry:*) compgen -f -- "$3" ;;
    esac
}

_mi32()
{
    local at=$COMP_CWORD current=$2 found

    # bash takes the colon of replay:FILE for a word of its own.
    if [ "$at" -gt 3 ] && [ "${COMP_WORDS[at - 1]}" = replay ] && [ "${COMP_WORDS[at]}" = : ]; then
        found=$(compgen -f)
    elif [ "$at" -gt 4 ] && [ "${COMP_WORDS[at - 2]}${COMP_WORDS[at - 1]}" = replay: ]; then
        found=$(compgen -f -- "$current")
    elif [ "$at" -eq 1 ]; then
        found=$(compgen -W 'run decode scan record cmd pair doctor bench berry -h --help --version' -- "$current")
    else
        found=$(_mi32_argument "$3" "$current") ||
            found=$(_mi32_word "${COMP_WORDS[0]/#\~/$HOME}" "${COMP_WORDS[1]}" "$current")
    fi
    COMPREPLY=()
    [ -z "$found" ] || mapfile -t COMPREPLY <<<"$found"
    [ ! -e "${COMPREPLY[0]-}" ] || compopt -o filenames 2>/dev/null
    [[ ${COMPREPLY[0]-} != *: ]] || compopt -o nospace 2>/dev/null
}

complete -F _mi32 mi32
