# Passwords are kept as salted hashes only: enough to compare, not enough to read.

function Get-LabHash([string]$Salt, [string]$Plain) {
    $derive = New-Object System.Security.Cryptography.Rfc2898DeriveBytes $Plain, ([Convert]::FromBase64String($Salt)), 2000, ([Security.Cryptography.HashAlgorithmName]::SHA256)
    try { [Convert]::ToBase64String($derive.GetBytes(24)) } finally { $derive.Dispose() }
}

function Get-LabPlain([Security.SecureString]$Secret) {
    $pointer = [Runtime.InteropServices.Marshal]::SecureStringToGlobalAllocUnicode($Secret)
    try { [Runtime.InteropServices.Marshal]::PtrToStringUni($pointer) } finally { [Runtime.InteropServices.Marshal]::ZeroFreeGlobalAllocUnicode($pointer) }
}
