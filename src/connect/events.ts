/**
 * Every event that matters to the diagnosis: what it means and what it implies.
 * Sources: Windows' Service Control Manager, the message table of Connect Sync, and Microsoft's troubleshooting pages; event 6028
 * is named by the source document only, and older builds write it where newer ones write 6203, 6207 or 6208.
 */
export interface EventMeaning {
  readonly provider: EventProvider;
  readonly id: number;
  /** The level it is written with; the sync engine writes bad news as Information and good news as Warning. */
  readonly level: 'error' | 'warning' | 'information';
  readonly meaning: string;
  readonly implies: string;
}

export type EventProvider = 'Service Control Manager' | 'ADSync' | 'MIISKMU' | 'Directory Synchronization';

const table: Readonly<Record<EventProvider, readonly (readonly [id: number, level: EventMeaning['level'], meaning: string, implies: string])[]>> = {
  'Service Control Manager': [
    [7000, 'error', 'The service failed to start.', 'Read the reason: after a logon failure, 7038 says more.'],
    [7001, 'error', 'A service that it depends on failed to start.', 'Not a password problem.'],
    [7003, 'error', 'A service that it depends on is missing.', 'Not a password problem.'],
    [7009, 'error', 'The service did not connect in time.', 'A slow server or database.'],
    [7022, 'error', 'The service hung on starting.', 'Look at the database.'],
    [7023, 'error', 'The service ended with an error.', 'Read the code.'],
    [7024, 'error', 'The service ended with a service-specific error.', 'The code tells a key failure from a database failure.'],
    [7031, 'error', 'The service ended unexpectedly.', 'A crash: look at Application Error and .NET Runtime events.'],
    [7034, 'error', 'The service ended unexpectedly.', 'A crash: look at Application Error and .NET Runtime events.'],
    [7036, 'information', 'The service entered a state.', 'The time line of starts and stops.'],
    [7038, 'error', 'The service could not log on with the configured password.', 'Read the reason: wrong, expired, locked or disabled are different faults.'],
    [7039, 'warning', 'Another process connected than the one that was started.', 'Not a password problem.'],
    [7040, 'information', 'The start type was changed.', 'Somebody may have disabled the service.'],
    [7041, 'error', 'The account lacks the right "Log on as a service".', 'Often removed by a group policy; the key is untouched.'],
    [7045, 'information', 'The service was installed.', 'An installation or an upgrade.'],
  ],
  'ADSync': [
    [2001, 'information', 'The service started.', 'Marks a start.'],
    [2002, 'information', 'The service stopped.', 'Marks a stop.'],
    [2005, 'error', 'The service failed to start and tries again.', 'Wait for the outcome.'],
    [6000, 'error', 'A connector could not run: its credentials are invalid.', 'Enter the password of that connector again.'],
    [6001, 'error', 'A connector could not reach its server.', 'The network, not a password.'],
    [6007, 'error', 'A domain controller could not be contacted.', 'The network, not a password.'],
    [6028, 'error', 'The server encryption key cannot be accessed.', 'A key failure on older builds.'],
    [6050, 'error', 'A run failed because of connectivity.', 'The network, not a password.'],
    [6073, 'error', 'The database is full.', 'Make room first; do not stop the service.'],
    [6075, 'error', 'The connection to the database was lost.', 'Look at the database.'],
    [6201, 'information', 'A new encryption key was created.', 'Expected after abandoning; a surprise otherwise.'],
    [6202, 'error', 'The encryption keys could not be created.', 'The service cannot start.'],
    [6203, 'error', 'The encryption keys could not be loaded.', 'The service cannot start.'],
    [6204, 'error', 'The database could not be loaded.', 'Look at the database.'],
    [6206, 'error', 'The encryption keys were not found.', 'Was the Log On account replaced? Then put the original one back.'],
    [6207, 'error', 'The encryption keys are corrupt.', 'Abandonment may be needed.'],
    [6208, 'error', 'The encryption keys cannot be decoded with the Log On credentials.', 'The password was reset, or the account was replaced.'],
    ...Array.from({ length: 14 }, (_, i) => [6209 + i, 'error', 'The database could not be opened or used.', 'Repair the database first; abandoning the key would not help.'] as const),
    [6223, 'error', 'The encryption keys do not belong to this database.', 'The database was restored or copied: the restore path comes first.'],
    [6224, 'error', 'The database is newer than the program.', 'Look at the database.'],
    [6225, 'error', 'The connection string of the database is wrong.', 'Look at the database.'],
    [6226, 'error', 'The connection to the database was lost because the Log On account changed.', 'Put the original account back.'],
    [6227, 'information', 'The encryption keys were not found and were created anew.', 'The stored secrets are gone: enter the credentials again, never abandon.'],
    [6231, 'error', 'The key could not be loaded from the vault; a new one was tried.', 'The stored secrets are gone: enter the credentials again, never abandon.'],
    [6322, 'error', 'The SQL server could not be reached.', 'Look at the database.'],
    [6323, 'error', 'The database has no room left.', 'Make room first; do not stop the service.'],
    [6324, 'error', 'The server stopped because of an error.', 'Read the error.'],
    [6600, 'error', 'A user was denied an operation.', 'The account of the session lacks a sync role.'],
    [6601, 'error', 'The stored secrets of a connector belong to another service account.', 'Enter the credentials of that connector again.'],
    [6602, 'error', 'The stored secrets of a connector are incomplete.', 'Enter the credentials of that connector again.'],
    [6603, 'warning', 'The stored secrets of a connector were overwritten with new ones.', 'Good news: the credentials were entered.'],
    [6801, 'error', 'An extension reported an error.', 'Failures of the Entra sign-in surface here.'],
    [6803, 'error', 'A run failed because of server errors.', 'Failures of the Entra sign-in surface here.'],
    [6900, 'error', 'Password hash synchronization reported an error.', 'With AADSTS codes: the password of the Entra Connector account.'],
  ],
  'MIISKMU': [
    [1, 'information', 'The encryption key is being abandoned.', 'It says that abandoning began, not that it ended.'],
    [2, 'information', 'The stored secrets are being encrypted again.', 'A change of keys.'],
  ],
  'Directory Synchronization': [
    [611, 'error', 'Password hash synchronization failed for a domain.', 'Look at the domain controllers and permissions.'],
    [659, 'error', 'The password policy could not be synchronized.', 'With AADSTS codes: the password of the Entra Connector account.'],
    [906, 'error', 'An error was traced.', 'With AADSTS codes or a dialog: the Entra sign-in.'],
    [1011, 'warning', 'The application certificate is due for rotation.', 'Application-based authentication.'],
    [1012, 'error', 'The application certificate has expired.', 'Application-based authentication.'],
    [1014, 'warning', 'The server has no TPM for the application certificate.', 'Application-based authentication.'],
    [2508, 'information', 'An AD DS Connector account was created.', 'An administrator changed the connector.'],
    [2509, 'information', 'An existing account was chosen for the AD DS Connector.', 'An administrator changed the connector.'],
    [2518, 'information', 'The credentials of an AD DS Connector were changed.', 'Good news: the credentials were entered.'],
    [2519, 'information', 'The password of the Entra Connector account was reinitialized.', 'Good news: the credentials were entered.'],
  ],
};

/** What an event means here; undefined for one that the diagnosis does not use. */
export function meaningOf(provider: string, id: number): EventMeaning | undefined {
  if (!isProvider(provider)) return undefined;
  const row = table[provider].find(([candidate]) => candidate === id);
  if (row === undefined) return undefined;
  const [, level, meaning, implies] = row;
  return { provider, id, level, meaning, implies };
}

function isProvider(name: string): name is EventProvider {
  return Object.hasOwn(table, name);
}

export const serviceStarted = 2001;
/** Events that only an unreadable or missing key writes; each needs System evidence beside it. */
export const keyFailureEvents: readonly number[] = [6028, 6203, 6207, 6208];
/** The keys were not found: also what a replaced Log On account looks like. */
export const keysNotFound = 6206;
export const keyRecreatedEvents: readonly number[] = [6227, 6231];
export const keyCreated = 6201;
/** A restored or copied database. */
export const keysOfAnotherDatabase = 6223;
export const accountChanged = 6226;
export const databaseEvents: readonly number[] = [6204, 6209, 6210, 6211, 6212, 6213, 6214, 6215, 6216, 6217, 6218, 6219, 6220, 6221, 6222, 6224, 6225];
/** The database could not be reached: written while the service runs, too. 6324 (it stopped because of an error) may come with every failure. */
export const databaseLostEvents: readonly number[] = [6075, 6322];
/** The stored secrets of the connector that the event names were replaced. */
export const secretEntered = { adSync: 6603, adDs: 2518, entra: 2519 } as const;
