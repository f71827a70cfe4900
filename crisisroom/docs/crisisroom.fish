# Completion of crisisroom for fish: `crisisroom completion fish` prints it.
# The program says what may come next; it is run as it was typed, and says nothing when it fails.

function __crisisroom_offer
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l program (string replace -r '^~/' "$HOME/" -- $words[1])
    set -e words[1]
    set -l reply ($program __complete fish $words "$current" 2>/dev/null)
    test (count $reply) -gt 1; and printf '%s\n' $reply[2..-1]
    test "$reply[1]" = files; or return
    set -l start (string match -r '^--[^=]*=' -- $current)
    for one in (complete -C "'' "(string replace -- "$start" '' "$current"))
        printf '%s\n' "$start$one"
    end
end

complete -c crisisroom -f -a '(__crisisroom_offer)'
