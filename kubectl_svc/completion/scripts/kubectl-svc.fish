# TAB in fish for kubectl-svc. Load it with: kubectl-svc completion fish | source
# Behind `kubectl svc` kubectl's own completion asks kubectl_complete-svc.

function __kubectl_svc_offer
    set -l before (commandline -opc)
    set -l current (commandline -ct)
    set -l lines ($before[1] __complete $before[2..-1] $current 2>/dev/null)
    set -l directive 0
    if string match -qr '^:\d+$' -- "$lines[-1]"
        set directive (string sub -s 2 -- $lines[-1])
        set -e lines[-1]
    end
    if test (math "bitand($directive, 8)") -ne 0
        __fish_complete_suffix $current .$lines
    else if test (math "bitand($directive, 16)") -ne 0
        __fish_complete_directories $current
    else if test (count $lines) -eq 0 -a (math "bitand($directive, 4)") -eq 0
        __fish_complete_path $current
    else
        # The value of --flag=value is offered with what stands before it.
        set -l lead (string match -r -- '^-.*=' $current)
        for line in $lines
            echo -- $lead$line
        end
    end
end

complete -c kubectl-svc -f -a '(__kubectl_svc_offer)'
