# TAB in PowerShell for kubectl-svc. Load it with: kubectl-svc completion powershell | Out-String | Invoke-Expression
# Behind `kubectl svc` kubectl's own completion asks kubectl_complete-svc.

Register-ArgumentCompleter -Native -CommandName 'kubectl-svc' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    # The words up to the cursor, without their quotes. Nothing in them is expanded or run.
    $typed = @()
    $end = 0
    foreach ($element in $commandAst.CommandElements) {
        $start = $element.Extent.StartOffset
        if ($start -ge $cursorPosition) { break }
        $end = $element.Extent.EndOffset
        if ($end -gt $cursorPosition) {
            $typed += $element.Extent.Text.Substring(0, $cursorPosition - $start).TrimStart("'", '"')
        } elseif ($element -is [System.Management.Automation.Language.StringConstantExpressionAst]) {
            $typed += $element.Value
        } else {
            $typed += $element.Extent.Text
        }
    }
    if ($end -lt $cursorPosition) { $typed += '' }

    $program = $typed[0]
    $arguments = @($typed | Select-Object -Skip 1)
    $current = $typed[-1]
    # PowerShell before 7.3 drops an empty argument, unless it is written as two quotes.
    $passing = Get-Variable -Name PSNativeCommandArgumentPassing -ValueOnly -ErrorAction Ignore
    if (-not $passing -or "$passing" -eq 'Legacy') {
        $arguments = @($arguments | ForEach-Object { if ($_ -eq '') { '""' } else { $_ } })
    }
    $lines = @(& $program __complete @arguments 2>$null)
    if (-not ($lines -and $lines[-1] -match '^:(\d+)$')) { return }
    $directive = [int]$Matches[1]
    $lines = @($lines | Select-Object -SkipLast 1)

    # Where we give nothing, PowerShell offers files, whatever their endings.
    if ($directive -band 24) { return }
    if (-not $lines) {
        if ($directive -band 4) { '' } # keeps it from that
        return
    }
    if (-not ($directive -band 32)) { $lines = @($lines | Sort-Object) }

    # Of --flag=value only the value is said; PowerShell wants the whole word.
    $lead = ''
    if ($current -match '^-[^=]*=') { $lead = $Matches[0] }
    foreach ($line in $lines) {
        $word, $about = $line -split "`t", 2
        if (-not $about) { $about = $word } # an empty one is refused
        # A comma would make an array of it, and the others something else again.
        $text = $lead + ($word -replace '[\s#@$;,''{}()"`|<>&]', '`$&')
        [System.Management.Automation.CompletionResult]::new($text, $word, 'ParameterValue', $about)
    }
}
