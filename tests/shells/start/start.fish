# What a fish under test begins with: both completions, and a key that has it report.
set -g fish_greeting
set -g fish_autosuggestion_enabled 0
set -g fish_handle_reflow 0
function fish_prompt; echo 'ready> '; end
function fish_title; end
source "$TAB_SCRIPTS"

function _report
    set -l before (commandline -c)
    set -l behind (string sub -s (math 1 + (string length -- "$before")) -- "$(commandline)")
    printf '\036%s\037%s\037%s\035' "$before" "$behind" "$(string join \x1c -- $argv)"
end
bind \cxr _report

# A second key asks what is offered, as a TAB does not tell.
function _ask
    _report (complete -C "$(commandline -c)")
end
bind \cxa _ask
bind \cxk 'commandline ""'
