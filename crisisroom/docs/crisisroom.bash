# Completion of crisisroom for bash 4.4 and newer: `crisisroom completion bash` prints it.
# The program says what may come next; it is run as it was typed, and says nothing when it fails.

_crisisroom() {
    local IFS=$' \t\n' line=${COMP_LINE:0:COMP_POINT} words=() piece reply=() at
    # bash breaks words at : and =, which stand in ours: put together what has no blank between.
    for ((at = 0; at <= COMP_CWORD; at++)); do
        piece=${COMP_WORDS[at]}
        if ((at == 0)) || [[ $line == [[:blank:]]* ]]; then
            line=${line#"${line%%[![:blank:]]*}"}
            words+=("")
        fi
        ((at == COMP_CWORD)) && piece=$line
        words[-1]+=$piece
        line=${line#"$piece"}
    done
    local typed=${words[-1]} program=${words[0]/#\~\//$HOME/}
    mapfile -t reply < <("$program" __complete bash "${words[@]:1}" 2>/dev/null)
    COMPREPLY=("${reply[@]:1}")
    if [[ ${reply[0]-} == files ]]; then
        compopt -o filenames 2>/dev/null
        [[ $typed == --*=* ]] && piece=${typed#*=} || piece=$typed
        mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$piece")
    fi
    # What stands before the last : or = is there already, and only what follows is replaced.
    if [[ $typed != [\"\']* && $typed == *[:=]* && $COMP_WORDBREAKS == *[:=]* ]]; then
        local done=${typed%"${typed##*[:=]}"}
        COMPREPLY=("${COMPREPLY[@]#"$done"}")
    fi
}

complete -F _crisisroom crisisroom
