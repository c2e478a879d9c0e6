# Opens Medicine ERP to the clinic's network. The same steps by hand: NETWORK_ACCESS.md
#Requires -RunAsAdministrator
$ErrorActionPreference = 'Stop'
Set-Location $PSScriptRoot

$route = Get-NetRoute -DestinationPrefix '0.0.0.0/0' | Sort-Object RouteMetric | Select-Object -First 1
$address = (Get-NetIPAddress -InterfaceIndex $route.InterfaceIndex -AddressFamily IPv4 | Select-Object -First 1).IPAddress
if (-not $address) { throw 'Не удалось определить адрес этого компьютера. Задайте HOST_IP в .env вручную.' }
Write-Host "Адрес этого компьютера: $address"

if (-not (Test-Path '.env')) { Copy-Item 'env.example' '.env' }
# HOST_IP stays above BIND_IP, which is made from it
$others = @(Get-Content '.env' -Encoding UTF8 | Where-Object { $_ -notmatch '^(HOST_IP|BIND_IP)=' })
$lines = @("HOST_IP=$address", 'BIND_IP=${HOST_IP:+0.0.0.0}') + $others
[IO.File]::WriteAllLines((Join-Path $PSScriptRoot '.env'), $lines, (New-Object Text.UTF8Encoding $false))
Write-Host 'HOST_IP записан в .env'

$rules = @{ 'Medicine ERP Frontend' = 5173; 'Medicine ERP Backend' = 8000; 'Medicine ERP WebSocket' = 8001 }
foreach ($name in $rules.Keys) {
    Get-NetFirewallRule -DisplayName $name -ErrorAction SilentlyContinue | Remove-NetFirewallRule
    New-NetFirewallRule -DisplayName $name -Direction Inbound -Protocol TCP -LocalPort $rules[$name] -Action Allow -Profile Private | Out-Null
    Write-Host "Порт $($rules[$name]) открыт: $name"
}

if ((Read-Host 'Перезапустить Docker Compose сейчас? (y/n)') -eq 'y') {
    docker compose down
    docker compose up -d
}
Write-Host "Откройте http://${address}:5173"
