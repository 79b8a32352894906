#compdef kubectl-svc
# TAB in zsh for kubectl-svc. Load it, behind compinit, with: source <(kubectl-svc completion zsh)
# or write it to a file named _kubectl-svc in a folder of $fpath.
# Behind `kubectl svc` kubectl's own completion asks kubectl_complete-svc.

_kubectl-svc() {
    local -a typed lines offered kept options
    local line about
    integer directive
    # The words up to the cursor, without their quotes. Nothing in them is expanded but ~/.
    typed=("${(@Q)words[1,CURRENT-1]}" "${(Q)PREFIX}")
    typed=("${(@)typed/#\~\//$HOME/}")
    lines=("${(@f)$("${typed[1]}" __complete "${(@)typed[2,-1]}" 2>/dev/null </dev/null)}")
    [[ $lines[-1] == :<0-63> ]] || return 1
    directive=${lines[-1]#:}
    lines[-1]=()
    # Of --flag=value only the value is offered.
    [[ $PREFIX == -*=* ]] && compset -P 1 '*='
    if (( directive & 8 )); then
        _files -g "*.(${(j:|:)lines})(-.)"
    elif (( directive & 16 )); then
        _files -/
    elif (( $#lines )); then
        for line in "${(@)lines}"; do
            line=${line//\\/\\\\} # _describe divides at the first bare colon, and takes backslashes away
            about=
            [[ $line == *$'\t'* ]] && about=:${line#*$'\t'}
            line=${line%%$'\t'*}
            offered+=("${line//:/\\:}$about")
        done
        (( directive & 32 )) && kept=(-V)
        (( directive & 2 )) && options=(-S '')
        _describe $kept 'word' offered "${(@)options}"
    elif (( ! (directive & 4) )); then
        _files
    else
        return 1
    fi
}

# Not while the file is only being read.
if [[ $funcstack[1] == _kubectl-svc ]]; then
    _kubectl-svc "$@"
else
    compdef _kubectl-svc kubectl-svc
fi
