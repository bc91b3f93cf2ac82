/** How each command is called. */
export const usage = {
  list: 'npm run lab -- list [--json]',
  up: 'npm run lab -- up [SCENARIO|PATH…] [--directory DIR] [--attached] [--json]',
  try: 'npm run lab -- try SCENARIO|PATH [--transport ssh|local|winrm|winrms] [--auth ntlm|negotiate|kerberos|basic|certificate] [--plan recommended|NAME] [--ad-ds guided|object-model|enterprise-admin] [--limit SECONDS] [--json]',
  person: 'npm run lab -- person TARGET enter-connector-password --connector NAME   (the password on standard input)',
  clearLog: 'npm run lab -- person TARGET clear-log --log NAME',
} as const;

/** All of it, with one sentence each. */
export const help = [
  usage.list,
  '    Scenarios, and what each expects.',
  usage.up,
  '    Starts one simulated Connect server a scenario (the main ones when none is named), prints targets and credentials, and stays until Ctrl+C.',
  usage.try,
  '    Starts a server of its own, repairs it through the same code as the extension, and judges the server by its own state.',
  usage.person,
  usage.clearLog,
  '    What a person does in Synchronization Service Manager, or in Event Viewer, on a server that `up` keeps running.',
].join('\n');
