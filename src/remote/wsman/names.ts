/** URIs of MS-WSMV 2.2.1 and of the specifications under it. */
export const namespaces = {
  soap: 'http://www.w3.org/2003/05/soap-envelope',
  addressing: 'http://schemas.xmlsoap.org/ws/2004/08/addressing',
  wsman: 'http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd',
  microsoft: 'http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd',
  shell: 'http://schemas.microsoft.com/wbem/wsman/1/windows/shell',
  enumeration: 'http://schemas.xmlsoap.org/ws/2004/09/enumeration',
  powershell: 'http://schemas.microsoft.com/powershell',
} as const;

const transfer = 'http://schemas.xmlsoap.org/ws/2004/09/transfer';

/** What a request asks for (MS-WSMV 3.1.4). */
export const actions = {
  create: `${transfer}/Create`,
  delete: `${transfer}/Delete`,
  enumerate: `${namespaces.enumeration}/Enumerate`,
  pull: `${namespaces.enumeration}/Pull`,
  command: `${namespaces.shell}/Command`,
  send: `${namespaces.shell}/Send`,
  receive: `${namespaces.shell}/Receive`,
  signal: `${namespaces.shell}/Signal`,
  disconnect: `${namespaces.shell}/Disconnect`,
  reconnect: `${namespaces.shell}/Reconnect`,
  connect: `${namespaces.shell}/Connect`,
} as const;

/** What a request is about. The PowerShell one is Windows PowerShell 5.1's default session configuration. */
export const resources = {
  powershell: `${namespaces.powershell}/Microsoft.PowerShell`,
  shells: namespaces.shell,
  commands: `${namespaces.shell}/Command`,
} as const;

/** Signals to a command (MS-WSMV 2.2.4.37, MS-PSRP 3.1.5.3.10). The first one's spelling is Microsoft's: any other code closes the command. */
export const signals = {
  stop: 'powershell/signal/crtl_c',
  terminate: `${namespaces.shell}/signal/terminate`,
} as const;

/** The state of a command whose output has been received to its end (MS-WSMV 2.2.4.7). */
export const commandDone = `${namespaces.shell}/CommandState/Done`;
