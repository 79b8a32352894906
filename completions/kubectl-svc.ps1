# TAB in PowerShell for kubectl-svc. Load it with: kubectl-svc completion powershell | Out-String | Invoke-Expression
# Behind `kubectl svc` kubectl's own completion asks kubectl_complete-svc.

Register-ArgumentCompleter -Native -CommandName 'kubectl-svc' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $typed = @($commandAst.CommandElements | Where-Object { $_.Extent.StartOffset -lt $cursorPosition } | ForEach-Object { "$_" })
    if (-not $wordToComplete) { $typed += '' }
    $lines = @(& $typed[0] __complete @($typed | Select-Object -Skip 1) 2>$null)
    if (-not $lines) { return }
    $directive = 0
    if ($lines[-1] -match '^:(\d+)$') {
        $directive = [int]$Matches[1]
        $lines = @($lines | Select-Object -SkipLast 1)
    }
    if ($directive -band 24) { return }
    $lead = ''
    if ($wordToComplete -match '^(-[^=]*=)') { $lead = $Matches[1] }
    foreach ($line in $lines) {
        $word, $about = $line -split "`t", 2
        if (-not $about) { $about = $word }
        $text = "$lead$word"
        if (-not ($directive -band 2)) { $text += ' ' }
        [System.Management.Automation.CompletionResult]::new($text, $word, 'ParameterValue', $about)
    }
}
