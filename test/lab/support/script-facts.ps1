# What the scripts of a folder use, read with PowerShell's own parser: one line each, tab-separated, kind first, line number
# second; a line of the kind "file" before those of each script. Judges nothing: test/lab/support/script-surface.ts does.
param([string] $Folder)

$lines = [System.Collections.Generic.List[string]]::new()

function Add-Fact([string] $Kind, $Extent, [string[]] $Values) {
    $clean = foreach ($value in $Values) { $value -replace '[\t\r\n]+', ' ' }
    $lines.Add((@($Kind, $Extent.StartLineNumber) + $clean) -join "`t")
}

foreach ($path in [IO.Directory]::GetFiles($Folder, '*.ps1')) {
    $lines.Add("file`t0`t" + [IO.Path]::GetFileName($path))
    $tokens = $null
    $errors = $null
    $tree = [System.Management.Automation.Language.Parser]::ParseInput([IO.File]::ReadAllText($path), [ref] $tokens, [ref] $errors)
    foreach ($e in $errors) { Add-Fact 'error' $e.Extent $e.Message }

    $nodes = $tree.FindAll({ $true }, $true)
    foreach ($node in $nodes) {
        $kind = $node.GetType().Name
        switch ($kind) {
            'FunctionDefinitionAst' { Add-Fact 'function' $node.Extent $node.Name }
            'TernaryExpressionAst' { Add-Fact 'construct' $node.Extent 'ternary' }
            'PipelineChainAst' { Add-Fact 'construct' $node.Extent 'pipeline chain' }
            'UsingStatementAst' { Add-Fact 'construct' $node.Extent 'using' }
            'TypeDefinitionAst' { Add-Fact 'construct' $node.Extent 'class' }
            'BinaryExpressionAst' {
                if ("$($node.Operator)" -eq 'QuestionQuestion') { Add-Fact 'construct' $node.Extent 'null coalescing' }
                if ("$($node.Operator)" -like '*replace' -and $node.Right.Find({ param($inner) $inner.GetType().Name -eq 'ScriptBlockExpressionAst' }, $true)) { Add-Fact 'construct' $node.Extent 'replace with a script block' }
            }
            'AssignmentStatementAst' {
                if ("$($node.Operator)" -eq 'QuestionQuestionEquals') { Add-Fact 'construct' $node.Extent 'null coalescing assignment' }
                if ($node.Left.GetType().Name -eq 'VariableExpressionAst') { Add-Fact 'assignment' $node.Extent $node.Left.VariablePath.UserPath, $node.Right.Extent.Text }
            }
            'ForEachStatementAst' { Add-Fact 'assignment' $node.Extent $node.Variable.VariablePath.UserPath, $node.Condition.Extent.Text }
            'ScriptBlockAst' { if ($null -ne $node.CleanBlock) { Add-Fact 'construct' $node.Extent 'clean block' } }
            'VariableExpressionAst' {
                if ($node.Splatted) { Add-Fact 'construct' $node.Extent 'splatting' }
                Add-Fact 'variable' $node.Extent $node.VariablePath.UserPath
            }
            'ConstantExpressionAst' { Add-Fact 'number' $node.Extent $node.Extent.Text }
            'ExpandableStringExpressionAst' { Add-Fact 'string' $node.Extent $node.Extent.Text }
            'StringConstantExpressionAst' { if ("$($node.StringConstantType)" -like 'DoubleQuoted*') { Add-Fact 'string' $node.Extent $node.Extent.Text } }
            'TypeExpressionAst' { Add-Fact 'type' $node.Extent $node.TypeName.FullName }
            'TypeConstraintAst' { Add-Fact 'type' $node.Extent $node.TypeName.FullName }
            'AttributeAst' { Add-Fact 'attribute' $node.Extent $node.TypeName.FullName }
            'IndexExpressionAst' { if ($node.NullConditional) { Add-Fact 'construct' $node.Extent 'null conditional' } }
        }
        if ($kind -eq 'PipelineAst' -or $kind -eq 'PipelineChainAst') { if ($node.Background) { Add-Fact 'construct' $node.Extent 'background' } }
        if ($kind -eq 'MemberExpressionAst' -or $kind -eq 'InvokeMemberExpressionAst') {
            if ($node.NullConditional) { Add-Fact 'construct' $node.Extent 'null conditional' }
            $member = if ($node.Member.GetType().Name -eq 'StringConstantExpressionAst') { $node.Member.Value } else { '?' }
            $arguments = @(foreach ($argument in $node.Arguments) { $argument.Extent.Text }) -join ' , '
            $call = $kind -eq 'InvokeMemberExpressionAst'
            if ($node.Static) {
                $type = if ($node.Expression.GetType().Name -eq 'TypeExpressionAst') { $node.Expression.TypeName.FullName } else { '?' }
                Add-Fact 'static' $node.Extent "$type::$member", $arguments
            } elseif ($call) { Add-Fact 'method' $node.Extent $member, $arguments }
        }
        if ($kind -eq 'CommandAst') {
            $first = $node.CommandElements[0]
            $name = $node.GetCommandName()
            $parameters = @()
            $positional = 0
            $afterParameter = $false
            foreach ($element in @($node.CommandElements)[1..100]) {
                if ($null -eq $element) { continue }
                if ($element.GetType().Name -eq 'CommandParameterAst') {
                    $parameters += $element.ParameterName + $(if ($element.Argument) { "=$($element.Argument.Extent.Text)" })
                    $afterParameter = $null -eq $element.Argument
                } elseif ($afterParameter) {
                    $parameters[-1] += "=$($element.Extent.Text)"
                    $afterParameter = $false
                } else { $positional++ }
            }
            $operator = "$($node.InvocationOperator)"
            # Whether & runs a literal block, a block that the enclosing function takes as a parameter, or something unknown.
            $target = $first.GetType().Name
            if ($target -eq 'VariableExpressionAst') {
                $owner = $node.Parent
                while ($owner -and $owner.GetType().Name -ne 'FunctionDefinitionAst') { $owner = $owner.Parent }
                $own = @($owner.Parameters) + @($owner.Body.ParamBlock.Parameters)
                foreach ($parameter in $own) {
                    if ($parameter -and $parameter.Name.VariablePath.UserPath -eq $first.VariablePath.UserPath -and $parameter.StaticType -eq [scriptblock]) { $target = 'BlockParameter' }
                }
            }
            Add-Fact 'command' $node.Extent @($(if ($name) { $name } else { '?' }), $operator, $target, $first.Extent.Text, "$positional", (@($parameters) -join [string][char] 31))
        }
    }
}
$out = [Console]::OpenStandardOutput()
$bytes = [Text.Encoding]::UTF8.GetBytes(($lines -join "`n") + "`n")
$out.Write($bytes, 0, $bytes.Length)
$out.Flush()
