# What a zsh under test begins with: both completions, and a key that has it report.
PROMPT='ready> ' PROMPT2='' HISTFILE='' COLUMNS=200
unsetopt beep prompt_sp prompt_cr
bindkey -e
autoload -Uz compinit
compinit -D -u

# Every completion ends in compadd; with -O, -A or -D it offers nothing, and only sorts.
typeset -ga _offered
compadd() {
    local -a hits
    if (( ! ${@[(I)-[OAD]]} )); then
        builtin compadd -O hits "$@"
        _offered+=("${(@)hits}")
    fi
    builtin compadd "$@"
}
source "$TAB_SCRIPTS"

_report() {
    printf '\036%s\037%s\037%s\035' "$LBUFFER" "$RBUFFER" "${(pj:\034:)_offered}"
    _offered=()
}
zle -N _report
bindkey '^Xr' _report
bindkey '^Xk' kill-whole-line
