/**
 * The codes that say why a service did not start or a logon failed.
 * Sources: Windows' system error codes; the message table of Connect Sync for the service-specific ones.
 */

/** What a logon code calls for: another password in the Service Control Manager, help for the account, or a working domain. */
export type LogonFault = 'password' | 'account' | 'unavailable' | 'right';

export interface CodeMeaning {
  readonly code: number;
  readonly meaning: string;
}

const logonCodes: readonly (CodeMeaning & { readonly fault: LogonFault })[] = [
  { code: 1326, fault: 'password', meaning: 'The user name or the password is incorrect' },
  { code: 1330, fault: 'account', meaning: 'the password of the account has expired' },
  { code: 1907, fault: 'account', meaning: 'the password must be changed before the first logon' },
  { code: 1793, fault: 'account', meaning: 'the account has expired' },
  { code: 1331, fault: 'account', meaning: 'the account is disabled' },
  { code: 1909, fault: 'account', meaning: 'the account is locked out' },
  { code: 1327, fault: 'account', meaning: 'the account is restricted (a blank password, logon hours or a policy)' },
  { code: 1328, fault: 'account', meaning: 'the account may not log on at this time' },
  { code: 1329, fault: 'account', meaning: 'the account may not log on at this computer' },
  { code: 1385, fault: 'right', meaning: 'the account lacks the right "Log on as a service"' },
  { code: 1311, fault: 'unavailable', meaning: 'no domain controller was available for the logon' },
  { code: 1789, fault: 'unavailable', meaning: 'the trust between this computer and its domain is broken' },
  { code: 1398, fault: 'unavailable', meaning: 'the clocks of the server and the domain controller differ too much' },
];

export function logonFault(code: number): { fault: LogonFault; meaning: string } | undefined {
  return logonCodes.find((entry) => entry.code === code);
}

/** Exit codes of Win32_Service that need a name. */
export const exitCodes = {
  serviceSpecific: 1066,
  logonFailure: 1069,
  neverStarted: 1077,
} as const;

export type ServiceFault = 'key' | 'restored' | 'database';

const serviceCodes: readonly (CodeMeaning & { readonly fault: ServiceFault })[] = [
  { code: 0x80231000, fault: 'key', meaning: 'the encryption keys could not be created or loaded' },
  { code: 0x80230318, fault: 'key', meaning: 'stored secrets cannot be decrypted because the key is missing' },
  { code: 0x80231003, fault: 'restored', meaning: 'the key set does not belong to this database' },
  { code: 0x8023043e, fault: 'database', meaning: 'no connection to the SQL server' },
  { code: 0x8023043f, fault: 'database', meaning: 'the SQL server refused the logon' },
  { code: 0x80230441, fault: 'database', meaning: 'no permission in the database' },
  { code: 0x80230448, fault: 'database', meaning: 'the service account is not the owner (DBO) of the database' },
  { code: 0x80230443, fault: 'database', meaning: 'the version of the database does not fit' },
  { code: 0x80230445, fault: 'database', meaning: 'the database cannot be opened' },
  { code: 0x8023044a, fault: 'database', meaning: 'the database failed to open' },
  { code: 0x80230621, fault: 'database', meaning: 'no connection to the SQL server' },
];

/** The only service-specific code from which a lost key is concluded (the source document prints it as -21451857952). */
export const keyCode = 0x80231000;

export function serviceFault(code: number): { fault: ServiceFault; meaning: string } | undefined {
  return serviceCodes.find((entry) => entry.code === code >>> 0);
}

/** As services.msc and the documents print it: hexadecimal and signed. */
export function showCode(code: number): string {
  return `0x${(code >>> 0).toString(16).toUpperCase().padStart(8, '0')} (${code | 0})`;
}

/**
 * The code in an insertion value of a Service Control Manager event: `%%1069`, `%%2149781504`, `%%-2145185792`, `0x80231000`
 * or the bare number. Never the localized text. Unsigned; undefined where there is none.
 */
export function codeOf(value: string): number | undefined {
  const match = /^(?:%%)?(0x[0-9a-f]{1,8}|-?\d{1,10})$/i.exec(value.trim());
  if (match?.[1] === undefined) return undefined;
  const number = Number(match[1]);
  return number >= -0x80000000 && number <= 0xffffffff ? number >>> 0 : undefined;
}
