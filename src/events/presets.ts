import type { LogSelection } from './reading/log-selection.ts';

/** A named choice of what a server is asked for. Plain data. */
export interface EventPreset {
  readonly title: string;
  /** Ids of findings that it belongs to, as plain text: they are the diagnosis's own. */
  readonly findings: readonly string[];
  readonly logs: readonly LogSelection[];
}

const scm = 'Service Control Manager';
const connect = ['ADSync', 'Directory Synchronization', 'MIISKMU', 'Azure AD Connect Upgrade'] as const;

/** Starts, logons and ends of services: 7000 to 7011, 7022 to 7024, 7031 to 7041, 7045. The service's name is not a query's business: it differs by build and language. */
const serviceIds = [7000, 7001, 7003, 7009, 7011, 7022, 7023, 7024, 7031, 7034, 7036, 7038, 7039, 7040, 7041, 7045] as const;
/** A log that was emptied says so. */
const emptied = { providers: ['Microsoft-Windows-Eventlog'], ids: [104, 1102] } as const;

const system = (ids: readonly number[]): LogSelection => ({ log: 'System', any: [{ providers: [scm], ids }, emptied] });
const application = (ids: readonly number[]): LogSelection => ({ log: 'Application', any: [{ providers: ['ADSync'], ids }] });
const security = (ids: readonly number[]): LogSelection => ({ log: 'Security', any: [{ ids: [...ids, 1102] }] });
const dataProtection: LogSelection = { log: 'Microsoft-Windows-Crypto-DPAPI/Operational' };

/**
 * What matters for the repair, of any level: the good news comes as Information (6201, 6227, 6943) and Warning (6603), and a filter for
 * errors would hide it. Crashes of other programs are few, and the one of miiserver.exe cannot be told from them by a query.
 */
export const repairLogs: readonly LogSelection[] = [
  { log: 'System', any: [{ providers: [scm], ids: serviceIds }, { providers: ['NETLOGON', 'Microsoft-Windows-Time-Service', 'Microsoft-Windows-Kernel-General'] }, emptied] },
  { log: 'Application', any: [{ providers: connect }, { providers: ['.NET Runtime', 'Application Error'], ids: [1000, 1026] }] },
  // Password changes and resets, lockouts, failed logons.
  security([4625, 4723, 4724, 4740]),
  dataProtection,
];

/** Id of the preset that is shown where nothing else is asked for. */
export const defaultPreset = 'repair';

/** Presets by id. Ids stand in stored filters: add, never rename. */
export const presets: Readonly<Record<string, EventPreset>> = {
  [defaultPreset]: { title: 'What matters for the repair', findings: [], logs: repairLogs },
  'logon': { title: 'Log-on of the service', findings: ['stale-scm-password', 'account-blocked', 'logon-unavailable', 'logon-right-missing', 'account-replaced'], logs: [system([7000, 7038, 7039, 7040, 7041, 7045]), security([4625, 4723, 4724, 4740])] },
  'key': {
    title: 'Encryption key', findings: ['key-lost', 'key-unreadable-no-dc', 'key-recreated', 'account-replaced', 'database-restored'],
    logs: [system([7000, 7023, 7024, 7031, 7034]), { log: 'Application', any: [{ providers: ['ADSync'], ids: [6028, 6201, 6202, 6203, 6204, 6205, 6206, 6207, 6208, 6223, 6226, 6227, 6228, 6229, 6230, 6231, 6601, 6602, 6603] }, { providers: ['MIISKMU'] }] }, dataProtection],
  },
  'connectors': {
    title: 'Credentials of the connectors', findings: ['connector-password', 'entra-sign-in', 'application-auth', 'key-recreated'],
    logs: [{ log: 'Application', any: [{ providers: ['ADSync'], ids: [6000, 6001, 6007, 6050, 6601, 6602, 6603, 6801, 6803, 6900, 6943, 6944] }, { providers: ['Directory Synchronization'], ids: [106, 110, 111, 611, 650, 651, 652, 653, 654, 655, 656, 657, 658, 659, 906, 2508, 2509, 2518, 2519] }] }],
  },
  'database': {
    title: 'Database', findings: ['database-broken', 'database-nearly-full', 'database-restored'],
    logs: [system([7000, 7009, 7011, 7022, 7023, 7024]), application([6071, 6073, 6075, 6209, 6210, 6211, 6212, 6213, 6214, 6215, 6216, 6217, 6218, 6219, 6220, 6221, 6222, 6223, 6224, 6225, 6226, 6322, 6323, 6324, 6945])],
  },
  'starts': {
    title: 'Starts, stops and crashes', findings: ['cannot-tell'],
    logs: [system(serviceIds), { log: 'Application', any: [{ providers: ['ADSync'], ids: [2001, 2002, 2005, 6051, 6052] }, { providers: ['.NET Runtime', 'Application Error'], ids: [1000, 1026] }] }],
  },
};

/** The presets of a finding, the default one where it has none. */
export function presetsOf(finding: string): readonly EventPreset[] {
  const found = Object.values(presets).filter(({ findings }) => findings.includes(finding));
  return found.length > 0 ? found : Object.entries(presets).filter(([id]) => id === defaultPreset).map(([, preset]) => preset);
}
