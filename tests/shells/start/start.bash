# What a bash under test begins with: both completions, and a key that has it report.
PS1='ready> ' PS2='' HISTFILE='' COLUMNS=200
bind 'set bell-style none'
bind 'set enable-bracketed-paste off'
source "$TAB_SCRIPTS"

# Bash forgets a function's reply as soon as it has read it, so the function behind each program is wrapped.
_offered=()
_watch() {
    local compspec=$(complete -p "$1" 2>/dev/null) wrapped
    [[ $compspec ]] || return
    wrapped=${compspec##*-F } wrapped=${wrapped%% *}
    eval "_watched_$wrapped() { $wrapped \"\$@\"; _offered=(\"\${COMPREPLY[@]}\"); }"
    eval "${compspec/-F $wrapped/-F _watched_$wrapped}"
}
_watch kubectl
_watch kubectl-svc

_report() {
    local IFS=$'\034' before=${READLINE_LINE:0:READLINE_POINT} behind=${READLINE_LINE:READLINE_POINT}
    printf '\036%s\037%s\037%s\035' "$before" "$behind" "${_offered[*]}"
    _offered=()
}
bind -x '"\C-xr": _report'
bind '"\C-xk": kill-whole-line'
