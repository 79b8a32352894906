# TAB in bash for kubectl-svc. Load it with: source <(kubectl-svc completion bash)
# Behind `kubectl svc` kubectl's own completion asks kubectl_complete-svc.

# The words up to the cursor: bash breaks them at = and :, which belong to ours.
_kubectl_svc_words() {
    local index word before
    _kubectl_svc_typed=()
    for ((index = 1; index <= COMP_CWORD; index++)); do
        word=${COMP_WORDS[index]}
        before=${COMP_LINE%%"$word"*}
        if ((${#_kubectl_svc_typed[@]})) && _kubectl_svc_joined "$index"; then
            _kubectl_svc_typed[${#_kubectl_svc_typed[@]} - 1]+=$word
        else
            _kubectl_svc_typed+=("$word")
        fi
    done
}

# Whether a word follows the one before without a blank.
_kubectl_svc_joined() {
    local line=${COMP_LINE:0:COMP_POINT} index
    for ((index = 0; index < $1; index++)); do
        line=${line#*"${COMP_WORDS[index]}"}
        ((index == $1 - 1)) || while [[ $line == [[:space:]]* ]]; do line=${line:1}; done
    done
    [[ -n $line && $line != [[:space:]]* || -z $line && ${COMP_WORDS[$1]} == "" && ${COMP_WORDS[$1 - 1]} == [=:] ]]
}

_kubectl_svc() {
    local -a _kubectl_svc_typed lines words
    local line directive=0 current whole lead
    _kubectl_svc_words
    while IFS= read -r line; do
        lines+=("$line")
    done < <("${COMP_WORDS[0]}" __completeNoDesc "${_kubectl_svc_typed[@]}" 2>/dev/null)
    ((${#lines[@]})) || return
    line=${lines[${#lines[@]} - 1]}
    [[ $line == :* ]] && directive=${line#:} && unset "lines[${#lines[@]} - 1]"
    whole=${_kubectl_svc_typed[${#_kubectl_svc_typed[@]} - 1]}
    current=${COMP_WORDS[COMP_CWORD]}
    [[ $current == [=:] ]] && current=
    if ((directive & 8)); then
        local ending
        while IFS= read -r line; do
            for ending in "${lines[@]}"; do
                [[ -d $line || $line == *."$ending" ]] && words+=("$line") && break
            done
        done < <(compgen -f -- "$current")
        compopt -o filenames 2>/dev/null
    elif ((directive & 16)); then
        while IFS= read -r line; do words+=("$line"); done < <(compgen -d -- "$current")
        compopt -o filenames 2>/dev/null
    elif ((${#lines[@]} == 0 && !(directive & 4))); then
        while IFS= read -r line; do words+=("$line"); done < <(compgen -f -- "$current")
        compopt -o filenames 2>/dev/null
    else
        # What stands in an earlier piece of the word is not to be repeated.
        [[ $whole == -*=* ]] && whole=${whole#*=}
        lead=${whole%"$current"}
        for line in "${lines[@]}"; do
            [[ $line == "$whole"* ]] && words+=("${line#"$lead"}")
        done
        ((directive & 2)) && compopt -o nospace 2>/dev/null
        ((directive & 32)) && compopt -o nosort 2>/dev/null
    fi
    COMPREPLY=("${words[@]}")
}

complete -F _kubectl_svc kubectl-svc
