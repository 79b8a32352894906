# TAB in fish for kubectl-svc. Load it with: kubectl-svc completion fish | source
# Behind `kubectl svc` kubectl's own completion asks kubectl_complete-svc.

function __kubectl_svc_offer
    # The words up to the cursor, without their quotes. Nothing in them is expanded but ~/.
    set -l typed (commandline -opc | string replace -r '^~/' "$HOME/")
    set -l current (commandline -ct)
    set -l unquoted (string replace -ar '[\'"\\\\]' '' -- "$current" | string replace -r '^~/' "$HOME/")
    set -l lines ($typed[1] __complete $typed[2..-1] "$unquoted" 2>/dev/null </dev/null)
    string match -qr '^:\d+$' -- "$lines[-1]"; or return
    set -l directive (string sub -s 2 -- $lines[-1])
    set -e lines[-1]
    # Of --flag=value only the value is said; fish wants the whole word.
    set -l lead (string match -r -- '^-[^=]*=' "$current")
    set -l value (string replace -r -- '^-[^=]*=' '' "$current")
    if test (math "bitand($directive, 24)") -ne 0 -o (count $lines) -eq 0 -a (math "bitand($directive, 4)") -eq 0
        set -l kept '.'
        test (math "bitand($directive, 8)") -ne 0; and set kept '(?:/|\.(?:'(string join '|' -- $lines)'))(?:\t|$)'
        test (math "bitand($directive, 16)") -ne 0; and set kept '/(?:\t|$)'
        # A command of no name takes files.
        set lines (complete -C "'' $value" | string match -r -- ".*$kept.*")
    else if test (math "bitand($directive, 32)") -eq 0
        set lines (string join \n -- $lines | sort)
    end
    for line in $lines
        printf '%s\n' "$lead$line"
    end
end

complete -c kubectl-svc -k -f -a '(__kubectl_svc_offer)'
