/** Aliases of Windows PowerShell 5.1 for commands that matter here (`Get-Alias`); `sc` is left out: see the rules. */
const aliases: Readonly<Record<string, string>> = {
  'spsv': 'stop-service', 'sasv': 'start-service', 'gsv': 'get-service', 'kill': 'stop-process', 'spps': 'stop-process', 'gps': 'get-process', 'ps': 'get-process',
  'iex': 'invoke-expression', 'icm': 'invoke-command', 'saps': 'start-process', 'start': 'start-process', 'sajb': 'start-job',
  'icim': 'invoke-cimmethod', 'scim': 'set-ciminstance', 'rcim': 'remove-ciminstance', 'gcim': 'get-ciminstance', 'iwmi': 'invoke-wmimethod', 'swmi': 'set-wmiinstance', 'rwmi': 'remove-wmiobject', 'gwmi': 'get-wmiobject',
  'ri': 'remove-item', 'rm': 'remove-item', 'rmdir': 'remove-item', 'rd': 'remove-item', 'del': 'remove-item', 'erase': 'remove-item',
  'mi': 'move-item', 'move': 'move-item', 'mv': 'move-item', 'rni': 'rename-item', 'ren': 'rename-item', 'ni': 'new-item', 'ii': 'invoke-item', 'cpi': 'copy-item', 'cp': 'copy-item', 'copy': 'copy-item', 'ipal': 'import-alias', 'md': 'new-item', 'si': 'set-item', 'cli': 'clear-item',
  'rp': 'remove-itemproperty', 'sp': 'set-itemproperty', 'clp': 'clear-itemproperty', 'rnp': 'rename-itemproperty', 'clc': 'clear-content', 'ac': 'add-content',
  'sal': 'set-alias', 'nal': 'new-alias', 'gcm': 'get-command', 'gal': 'get-alias', 'man': 'get-help', 'help': 'get-help', 'echo': 'write-output', 'write': 'write-output', 'sls': 'select-string',
  'where': 'where-object', '?': 'where-object', 'foreach': 'foreach-object', '%': 'foreach-object', 'net1': 'net', 'pwsh': 'powershell',
};

/** What a name stands for where nobody has changed the aliases. */
export function fullName(name: string): string {
  return Object.hasOwn(aliases, name) ? aliases[name] ?? name : name;
}
