#compdef kubectl-svc
# TAB in zsh for kubectl-svc. Load it with: source <(kubectl-svc completion zsh)
# Behind `kubectl svc` kubectl's own completion asks kubectl_complete-svc.

_kubectl_svc() {
    local -a lines offered options
    local line word about ending
    integer directive=0
    lines=("${(@f)$(${words[1]} __complete "${(@)words[2,CURRENT]}" 2>/dev/null)}")
    if [[ ${lines[-1]} == :<-> ]]; then
        directive=${lines[-1]#:}
        lines[-1]=()
    fi
    # The value of --flag=value is completed by itself.
    [[ ${words[CURRENT]} == -*=* ]] && compset -P '*='
    if ((directive & 8)); then
        _files -g "*.(${(j:|:)lines})"
    elif ((directive & 16)); then
        _files -/
    elif ((${#lines} == 0 && !(directive & 4))); then
        _files
    elif ((${#lines})); then
        for line in $lines; do
            word=${line%%$'\t'*}
            about=${line#*$'\t'}
            [[ $about == $line ]] && about=
            offered+=("${word//:/\\:}${about:+:$about}")
        done
        ((directive & 2)) && options+=(-S '')
        ((directive & 32)) && options=(-V $options)
        _describe 'word' offered $options
    fi
}

compdef _kubectl_svc kubectl-svc
