# TAB in bash for kubectl-svc. Load it with: source <(kubectl-svc completion bash)
# or, in the Bash 3 of macOS: eval "$(kubectl-svc completion bash)"
# Behind `kubectl svc` kubectl's own completion asks kubectl_complete-svc.

# Sets _kubectl_svc_typed to the words up to the cursor, without their quotes. Nothing in them is expanded but ~/.
# COMP_WORDS has them in pieces, because bash breaks words at = and : too: what no blank divides is one word.
_kubectl_svc_read() {
    local line=${COMP_LINE:0:COMP_POINT} rest piece index last=-1
    _kubectl_svc_typed=()
    for ((index = 0; index <= COMP_CWORD; index++)); do
        rest=${line#"${line%%[![:space:]]*}"}
        piece=${COMP_WORDS[index]}
        ((index < COMP_CWORD)) || piece=$rest # COMP_WORDS has what is behind the cursor too
        if [[ $rest != "$line" || $last -lt 0 ]]; then
            last=$((last + 1))
            _kubectl_svc_typed[last]=
        fi
        line=${rest#"$piece"}
        piece=${piece//[\"\'\\]/}
        [[ -z ${_kubectl_svc_typed[last]} && $piece == "~/"* ]] && piece=$HOME${piece#"~"}
        _kubectl_svc_typed[last]+=$piece
    done
}

# The files or folders that begin with what readline will replace.
_kubectl_svc_files() {
    local kind=$1 current=$2 line path ending
    shift 2
    compopt -o filenames 2>/dev/null # as Bash 3 cannot
    while IFS= read -r line; do
        path=$line
        [[ $path == "~/"* ]] && path=$HOME${path#"~"}
        [[ $# -eq 0 || -d $path ]] && COMPREPLY+=("$line") && continue
        for ending in "$@"; do
            [[ $line == *."$ending" ]] && COMPREPLY+=("$line")
        done
    done < <(compgen "$kind" -- "$current")
}

_kubectl_svc() {
    local -a _kubectl_svc_typed lines
    local current=$2 line lead directive=0 quoted=
    COMPREPLY=()
    _kubectl_svc_read
    type -P -- "${_kubectl_svc_typed[0]}" >/dev/null || _kubectl_svc_typed[0]=kubectl-svc # an alias
    while IFS= read -r line; do
        lines+=("$line")
    done < <("${_kubectl_svc_typed[0]}" __completeNoDesc "${_kubectl_svc_typed[@]:1}" 2>/dev/null </dev/null)
    ((${#lines[@]})) || return 0
    directive=${lines[${#lines[@]} - 1]#:}
    unset "lines[${#lines[@]} - 1]"
    [[ $directive == [0-9] || $directive == [0-9][0-9] ]] || return 0
    if ((directive & 8)); then
        _kubectl_svc_files -f "$current" "${lines[@]}"
    elif ((directive & 16)); then
        _kubectl_svc_files -d "$current"
    elif ((${#lines[@]} == 0 && !(directive & 4))); then
        _kubectl_svc_files -f "$current"
    elif ((${#lines[@]})); then
        ((directive & 2)) && compopt -o nospace 2>/dev/null
        ((directive & 32)) && compopt -o nosort 2>/dev/null
        [[ ${COMP_WORDS[COMP_CWORD]} == [\"\']* ]] && quoted=yes
        # Of --flag=value only the value is offered, and of all that bash breaks only the last piece is to be replaced.
        lead=${_kubectl_svc_typed[${#_kubectl_svc_typed[@]} - 1]}
        [[ $lead == -*=* ]] && lead=${lead#*=}
        lead=${lead%"${current//\\/}"}
        for line in "${lines[@]}"; do
            [[ $line == "$lead"* ]] || continue
            line=${line#"$lead"}
            [[ -z $quoted && $line == *[!A-Za-z0-9_./:=,@%+-]* ]] && printf -v line %q "$line"
            COMPREPLY+=("$line")
        done
    fi
}

if type compopt >/dev/null 2>&1; then
    complete -F _kubectl_svc kubectl-svc
else
    complete -o nospace -F _kubectl_svc kubectl-svc
fi
