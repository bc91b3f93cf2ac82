# How far the server's clock is from UTC now, as "+02:00".
(Get-Date).ToString('zzz')
