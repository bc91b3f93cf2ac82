import assert from 'node:assert/strict';
import { diagnose } from '../../../src/connect/diagnosis.ts';
import { known, missing } from '../../../src/connect/fact.ts';
import type { FindingId, PlanId } from '../../../src/connect/ids.ts';
import type { DiagnoseOptions } from '../../../src/connect/situation.ts';
import type { Snapshot } from '../../../src/connect/snapshot.ts';
import {
  abandonBegan, at, contoso, directory, displayName, ended, engine, entra, europe, healthyServer, keyCode, keyLostServer, logonFailed, logsOnAs, marked, ran, running, scm, staleServer, stopped, withEvents, binaryOf,
} from './servers.ts';

interface Case { readonly name: string; readonly server: Snapshot; readonly options?: DiagnoseOptions; readonly ids: readonly FindingId[]; readonly plan?: PlanId | undefined }

const runsOf = (server: Snapshot, ...runs: ReturnType<typeof ran>[]): Snapshot => ({ ...server, runs: known([...runs].sort((a, b) => (a.start < b.start ? 1 : -1))) });
const build = (server: Snapshot, text: string): Snapshot => ({ ...server, installation: { ...server.installation, build: known(text) } });
const controller = (server: Snapshot, writable: boolean | undefined): Snapshot => ({ ...server, domainController: { ...server.domainController, writable: writable === undefined ? missing('command-absent') : known(writable) } });
const cloud = (server: Snapshot, works: boolean): Snapshot => ({ ...server, scheduler: { ...server.scheduler, cloud: works ? known(true) : missing('failed', 'There was an issue obtaining cloud sync intervals') } });
const noCode = (server: Snapshot): Snapshot => ({ ...server, service: { ...server.service, exitCode: missing('failed') } });
const listed = (server: Snapshot, accounts: readonly string[]): Snapshot => ({ ...server, original: { baseline: missing('not-found'), baselineMachineId: missing('not-found'), fileAccounts: known(accounts), registryAccounts: known(accounts) } });
/** The shared LocalDB instance's process runs, for a start attempt a moment ago, and belongs to this account. */
const ownedBy = (server: Snapshot, owner: string): Snapshot => ({ ...server, database: { ...server.database, processAlive: known(true), processOwner: known(owner) } });
/** The claim file of a run whose client died before it launched. */
const claimed = (server: Snapshot): Snapshot => ({ ...server, markers: known([{ path: 'Claim', values: new Map([['Text', '5b2e7c1e-0000-4000-8000-000000000001|2026-10-05T11:00:00.0000000Z|1']]) }]) });
const claimedMarkers = [{ path: 'Claim', values: new Map([['Text', 'x|y|1']]) }];
const without7036 = (server: Snapshot): Snapshot => ({ ...server, events: { ...server.events, records: server.events.records.filter((record) => record.id !== 7036) } });
/** After the service made a new key at minute 500; the runs of before are no proof. */
const recreated = cloud(runsOf(withEvents(healthyServer(), running(500.1), engine(6227, 500)), ran(contoso, 490), ran(europe, 490), ran(entra, 490)), false);
const lost443 = build(withEvents(stopped(healthyServer(), 1066, keyCode), ended(500), engine(6028, 499.9)), '1.1.443.0');

const groups: Readonly<Record<string, readonly Case[]>> = {
  'healthy': [
    { name: 'a healthy server', server: healthyServer(), ids: ['healthy'], plan: undefined },
    { name: 'a healthy server with forged 6208 and MIISKMU 1', server: withEvents(healthyServer(), engine(6208, 595), abandonBegan(595)), ids: ['healthy'] },
    { name: 'faults that are older than the last start', server: withEvents(healthyServer(), ...logonFailed(-50, 1326), ended(-40), engine(6208, -40)), ids: ['healthy'] },
    { name: 'a server whose installation wrote 6201', server: withEvents(healthyServer(), engine(6201, 1)), ids: ['healthy'] },
    { name: 'a new key that no abandonment preceded', server: withEvents(healthyServer(), engine(6201, 595)), ids: ['healthy'] },
    { name: 'a recreated key after which every connector ran again', server: withEvents(healthyServer(), engine(6227, 100)), ids: ['healthy'] },
    { name: 'the same event of another service whose name contains this one', server: withEvents(healthyServer(), scm(7024, 595, ['Contoso ADSync Helper', '%%2149781504'], binaryOf('ADSyncHelper'))), ids: ['healthy'] },
  ],
  'stale-scm-password': [
    { name: '7038 with 1326', server: staleServer(), ids: ['stale-scm-password'], plan: 'service-password' },
    { name: 'a local account', server: withEvents(stopped(logsOnAs(healthyServer(), '.\\AAD_0123456789ab'), 1069), ...logonFailed(500, 1326, '.\\AAD_0123456789ab')), ids: ['stale-scm-password'] },
    { name: 'without Win32_Service codes', server: withEvents({ ...stopped(healthyServer()), service: { ...stopped(healthyServer()).service, exitCode: missing('failed') } }, ...logonFailed(500, 1326)), ids: ['stale-scm-password'] },
    { name: 'an older key failure below it: the logon comes first', server: withEvents(staleServer(), ended(400), engine(6208, 399)), ids: ['stale-scm-password'], plan: 'service-password' },
    { name: 'an account whose original is not proven', server: withEvents(logsOnAs(stopped(healthyServer(), 1069), 'CONTOSO\\svc-adsync', 'none'), ...logonFailed(500, 1326)), ids: ['stale-scm-password'] },
    { name: '1069 without a 7038 that says why', server: withEvents(stopped(healthyServer(), 1069), scm(7000, 500, [displayName, '%%1069'], binaryOf('ADSync'))), ids: ['cannot-tell'] },
    { name: 'a 7038 about the account of before', server: withEvents(stopped(healthyServer(), 1069), ...logonFailed(500, 1326, 'CONTOSO\\other')), ids: ['cannot-tell'] },
    { name: 'a managed account, which has no password to set', server: withEvents(stopped(logsOnAs(healthyServer(), 'CONTOSO\\gmsa-sync$'), 1069), ...logonFailed(500, 1326, 'CONTOSO\\gmsa-sync$')), ids: ['cannot-tell'] },
    { name: 'events that contradict Windows\' code', server: withEvents(stopped(healthyServer(), 1066, keyCode), ...logonFailed(500, 1326)), ids: ['cannot-tell'] },
  ],
  'other logon failures': [
    ...[1909, 1330, 1793, 1907, 1331, 1327, 1328, 1329].map((code): Case => ({ name: `code ${code}`, server: withEvents(stopped(healthyServer(), 1069), ...logonFailed(500, code)), ids: ['account-blocked'], plan: 'manual' })),
    ...[1311, 1789, 1398].map((code): Case => ({ name: `code ${code}`, server: withEvents(stopped(healthyServer(), 1069), ...logonFailed(500, code)), ids: ['logon-unavailable'], plan: 'manual' })),
    { name: '7041', server: withEvents(stopped(healthyServer(), 1069), scm(7000, 500.1, [displayName, '%%1069'], binaryOf('ADSync')), scm(7041, 500, ['ADSync', 'CONTOSO\\svc-adsync', '%%1385'])), ids: ['logon-right-missing'] },
    { name: '7041 without a code', server: withEvents(stopped(healthyServer(), 1069), scm(7041, 500, ['ADSync', 'CONTOSO\\svc-adsync'])), ids: ['logon-right-missing'] },
  ],
  'account-replaced': [
    { name: 'another account than the baseline\'s', server: { ...keyLostServer(), original: { ...healthyServer().original, baseline: known('NT SERVICE\\ADSync') } }, ids: ['account-replaced'], plan: 'manual' },
    { name: 'another account than the access lists\'', server: { ...keyLostServer(), original: { baseline: missing('not-found'), baselineMachineId: missing('not-found'), fileAccounts: known(['NT SERVICE\\ADSync']), registryAccounts: known(['NT SERVICE\\ADSync']) } }, ids: ['account-replaced'] },
    { name: 'another account whose password is wrong as well', server: { ...staleServer(), original: { ...healthyServer().original, baseline: known('NT SERVICE\\ADSync') } }, ids: ['account-replaced'] },
    { name: 'LocalSystem, which is never the account', server: logsOnAs(keyLostServer(), 'LocalSystem', 'baseline'), ids: ['account-replaced'], plan: 'manual' },
    { name: 'another account under which the service made a new key', server: withEvents({ ...keyLostServer(), original: { ...healthyServer().original, baseline: known('NT SERVICE\\ADSync') } }, engine(6227, 499.8)), ids: ['account-replaced', 'key-recreated'], plan: 'manual' },
    { name: '6226 with nothing that proves the account', server: withEvents(logsOnAs(keyLostServer(), 'CONTOSO\\svc-adsync', 'none'), engine(6226, 499)), ids: ['account-replaced'] },
  ],
  'key-lost': [
    { name: 'on a current build', server: keyLostServer(), ids: ['key-lost'], plan: 'full-abandonment' },
    { name: 'in the world of build 1.1.443.0, with 6028', server: lost443, ids: ['key-lost', 'build-unsupported'], plan: 'full-abandonment' },
    { name: 'from Windows\' code where the System log was cleared', server: withEvents(stopped(healthyServer(), 1066, keyCode), engine(6207, 499)), ids: ['key-lost'] },
    { name: 'from 7024 where Win32_Service cannot be read', server: withEvents({ ...stopped(healthyServer()), service: { ...stopped(healthyServer()).service, exitCode: missing('failed') } }, ended(500, '%%-2145185792'), engine(6203, 499)), ids: ['key-lost'] },
    { name: 'proven by access lists that also name groups and built-in principals', server: listed(keyLostServer(), ['BUILTIN\\Administrators', 'NT AUTHORITY\\SYSTEM', 'SYNC1\\ADSyncAdmins', 'CREATOR OWNER', 'VORDEFINIERT\\Administratoren', 'contoso\\SVC-ADSYNC']), ids: ['key-lost'] },
    { name: 'proven by the access lists alone', server: logsOnAs(keyLostServer(), 'CONTOSO\\svc-adsync', 'acl'), ids: ['key-lost'] },
    { name: 'an account that only the owner of the shared LocalDB instance proves', server: ownedBy(logsOnAs(keyLostServer(), 'CONTOSO\\svc-adsync', 'none'), 'contoso\\svc-adsync'), ids: ['key-lost'] },
    { name: '6206 with the original account proven', server: withEvents(stopped(healthyServer(), 1066, keyCode), ended(500), engine(6206, 499)), ids: ['key-lost'] },
    { name: 'database errors and a recreated key from before the service last ran', server: withEvents(keyLostServer(), engine(6213, -20), engine(6227, -20), engine(6223, -20)), ids: ['key-lost'] },
    { name: 'a local account needs no domain controller', server: controller(logsOnAs(keyLostServer(), '.\\AAD_0123456789ab'), undefined), ids: ['key-lost'] },
    { name: 'a virtual account needs no domain controller', server: controller(logsOnAs(keyLostServer(), 'NT SERVICE\\ADSync'), false), ids: ['key-lost'] },
    { name: 'an old abandonment before the service last ran', server: withEvents(keyLostServer(), abandonBegan(-20), engine(6201, -19)), ids: ['key-lost'] },
    { name: 'a marker of a script that refused before the key was touched', server: marked(keyLostServer(), { Intent: at(505), Phase: 'refused' }), ids: ['key-lost'] },
    { name: 'where Windows keeps no 7036', server: without7036(keyLostServer()), ids: ['key-lost'] },
    { name: 'Binary only, display name localized', server: withEvents(stopped(healthyServer(), 1066, keyCode), scm(7024, 500, ['Microsoft Entra ID-Synchronisierung', '%%2149781504'], binaryOf('ADSync')), engine(6208, 499)), ids: ['key-lost'] },
  ],
  'not key-lost, although it looks like it': [
    { name: 'Application events alone', server: withEvents(stopped(healthyServer()), engine(6208, 499), engine(6028, 499)), ids: ['cannot-tell'], plan: 'manual' },
    { name: 'forged Application events beside a crash', server: withEvents(stopped(healthyServer(), 1067), scm(7034, 500, [displayName, '1'], binaryOf('ADSync')), engine(6208, 499)), ids: ['cannot-tell'] },
    { name: 'Windows\' code without the engine\'s word', server: withEvents(stopped(healthyServer(), 1066, keyCode), ended(500)), ids: ['cannot-tell'] },
    { name: 'the engine\'s word from before the last good start', server: withEvents(stopped(healthyServer(), 1066, keyCode), ended(500), engine(6208, -10)), ids: ['cannot-tell'] },
    { name: 'the engine\'s word from before its own last start, where Windows keeps no 7036', server: without7036(withEvents(keyLostServer(), engine(2001, 499.95))), ids: ['cannot-tell'] },
    { name: 'a forged start that would hide 6227', server: without7036(withEvents(keyLostServer(), engine(6227, 400), engine(2001, 450))), ids: ['key-recreated'] },
    { name: 'the 7024 of another service that shows the same name', server: noCode(withEvents(stopped(healthyServer()), scm(7024, 500, [displayName, '%%2149781504'], binaryOf('Impostor')), engine(6208, 499))), ids: ['cannot-tell'] },
    { name: 'a 7024 from before the service last ran', server: noCode(withEvents(stopped(healthyServer()), ended(-40), engine(6208, 499))), ids: ['cannot-tell'] },
    { name: 'Windows\' code of a logon failure, and a newer 7024', server: withEvents(stopped(healthyServer(), 1069), ended(500), engine(6208, 499)), ids: ['cannot-tell'] },
    { name: 'no proof of the original account', server: logsOnAs(keyLostServer(), 'CONTOSO\\svc-adsync', 'none'), ids: ['cannot-tell'] },
    { name: 'access lists that also name an account which no longer resolves', server: listed(keyLostServer(), ['CONTOSO\\svc-adsync', 'S-1-5-21-1-2-3-1105']), ids: ['cannot-tell'] },
    { name: 'access lists that name two accounts', server: listed(keyLostServer(), ['CONTOSO\\svc-adsync', 'NT SERVICE\\ADSync']), ids: ['cannot-tell'] },
    { name: 'a database process that another account owns, beside access lists', server: ownedBy(listed(keyLostServer(), ['CONTOSO\\svc-adsync']), 'NT SERVICE\\ADSync'), ids: ['cannot-tell'] },
    { name: 'a database process that another account owns, and nothing else', server: ownedBy(logsOnAs(keyLostServer(), 'CONTOSO\\svc-adsync', 'none'), 'SYNC1\\labadmin'), ids: ['cannot-tell'] },
    { name: 'the owner of a database process that is not there any more', server: { ...ownedBy(logsOnAs(keyLostServer(), 'CONTOSO\\svc-adsync', 'none'), 'CONTOSO\\svc-adsync'), database: { ...keyLostServer().database, processAlive: known(false), processOwner: known('CONTOSO\\svc-adsync') } }, ids: ['cannot-tell'] },
    { name: 'a fitting owner beside access lists that name only others', server: ownedBy(listed(keyLostServer(), ['CONTOSO\\svc-old', 'CONTOSO\\svc-older']), 'CONTOSO\\svc-adsync'), ids: ['cannot-tell'] },
    { name: 'a fitting owner beside an account that Windows cannot name', server: ownedBy(listed(keyLostServer(), ['S-1-5-21-1-2-3-1104']), 'CONTOSO\\svc-adsync'), ids: ['cannot-tell'] },
    { name: 'access lists that could not be read', server: { ...keyLostServer(), original: { ...listed(keyLostServer(), []).original, fileAccounts: missing('access-denied') } }, ids: ['cannot-tell'] },
    { name: 'an account given as a UPN, which names alone cannot match', server: listed({ ...keyLostServer(), service: { ...keyLostServer().service, startName: known('svc-adsync@contoso.example') } }, ['CONTOSO\\svc-adsync']), ids: ['cannot-tell'] },
    { name: 'a baseline of another machine', server: { ...keyLostServer(), original: { ...logsOnAs(healthyServer(), 'CONTOSO\\svc-adsync', 'none').original, baseline: known('CONTOSO\\svc-adsync'), baselineMachineId: known('another') } }, ids: ['cannot-tell'] },
    { name: 'a claim in the servers file that contradicts', server: keyLostServer(), options: { claims: { serviceAccount: 'NT SERVICE\\ADSync' } }, ids: ['cannot-tell'] },
    { name: 'a claim to abandon the key that nobody launched', server: claimed(keyLostServer()), ids: ['cannot-tell'] },
    { name: 'the old password is known', server: keyLostServer(), options: { oldPassword: 'known' }, ids: ['cannot-tell'] },
    { name: 'nobody knows whether a writable domain controller answers', server: controller(keyLostServer(), undefined), ids: ['cannot-tell'] },
    { name: 'no writable domain controller', server: controller(keyLostServer(), false), ids: ['key-unreadable-no-dc'], plan: 'manual' },
    { name: 'a managed account without a domain controller', server: controller(logsOnAs(keyLostServer(), 'CONTOSO\\gmsa-sync$'), false), ids: ['key-unreadable-no-dc'] },
    { name: 'the service made a new key by itself', server: withEvents(keyLostServer(), engine(6227, 499.8)), ids: ['key-recreated'], plan: 'credentials-only' },
    { name: 'the service tried a new key (6231)', server: withEvents(keyLostServer(), engine(6231, 505)), ids: ['key-recreated'] },
    { name: 'a restored database', server: withEvents(keyLostServer(), engine(6223, 499.8)), ids: ['database-restored'], plan: 'manual' },
    { name: 'database errors at the same start', server: withEvents(keyLostServer(), engine(6213, 499.8)), ids: ['database-broken'] },
    { name: 'a database that is nearly full', server: { ...keyLostServer(), database: { ...keyLostServer().database, fileBytes: known(10_400_000_000) } }, ids: ['database-nearly-full', 'cannot-tell'] },
    { name: 'a reboot since: nothing was tried', server: withEvents(stopped(healthyServer(), 1077), engine(6208, 499)), ids: ['cannot-tell'] },
    { name: 'another service-specific code', server: withEvents(stopped(healthyServer(), 1066, 0x80230318), ended(500, '%%2149778200'), engine(6208, 499)), ids: ['cannot-tell'] },
    { name: 'the key events could not be read', server: { ...keyLostServer(), events: { ...keyLostServer().events, missing: new Map([['key-new', missing('failed')]]) } }, ids: ['cannot-tell'] },
    { name: 'a flood of key events that may hide a 6223', server: { ...keyLostServer(), events: { ...keyLostServer().events, full: new Set(['key'] as const) } }, ids: ['cannot-tell'] },
    { name: 'the markers could not be read', server: { ...keyLostServer(), markers: missing('access-denied') }, ids: ['cannot-tell'] },
    { name: 'a service that is still starting', server: { ...keyLostServer(), service: { ...keyLostServer().service, state: known('Start Pending') } }, ids: ['cannot-tell'] },
    { name: 'the service runs after all', server: { ...healthyServer(), events: keyLostServer().events }, ids: ['healthy'] },
  ],
  'after an abandonment': [
    { name: 'done, not started yet', server: marked(withEvents(keyLostServer(), abandonBegan(510)), { Intent: at(509), ExitCode: '0', Finished: at(511) }), ids: ['key-recreated'], plan: 'credentials-only' },
    { name: 'done after an orderly stop', server: marked(withEvents(stopped(healthyServer()), abandonBegan(510)), { Intent: at(509), ExitCode: '0', Finished: at(511) }), ids: ['key-recreated'] },
    { name: 'done, and the start after it failed with the key again', server: marked(withEvents(keyLostServer(), abandonBegan(510), ended(520), engine(6202, 519)), { Intent: at(509), ExitCode: '0', Finished: at(511) }), ids: ['cannot-tell'] },
    { name: 'begun, outcome unknown', server: marked(withEvents(keyLostServer(), abandonBegan(510)), { Intent: at(509), Phase: 'abandoning' }), ids: ['cannot-tell'], plan: 'manual' },
    { name: 'begun, outcome unknown, service stopped in order', server: marked(stopped(healthyServer()), { Intent: at(509), Phase: 'stopping' }), ids: ['cannot-tell'] },
    { name: 'ended with a failure', server: marked(keyLostServer(), { Intent: at(509), ExitCode: '-2146233088', Phase: 'finished' }), ids: ['cannot-tell'] },
    { name: 'by somebody else, not started since', server: withEvents(keyLostServer(), abandonBegan(510)), ids: ['cannot-tell'] },
    { name: 'started: every connector still lacks its credentials', server: cloud(runsOf(withEvents(healthyServer(), abandonBegan(510), running(512), engine(6201, 511.5))), false), ids: ['key-recreated'], plan: 'credentials-only' },
    { name: 'one forest entered, the rest missing', server: cloud(runsOf(withEvents(healthyServer(), abandonBegan(510), running(512), engine(6201, 511.5), engine(6603, 520, [contoso.name]))), false), ids: ['key-recreated'] },
    { name: 'all entered, nothing run yet', server: cloud(runsOf(withEvents(healthyServer(), abandonBegan(510), running(512), engine(6201, 511.5), engine(6603, 520, [contoso.name]), directory(2518, 521, [europe.name]), directory(2519, 522))), false), ids: ['healthy'] },
    { name: 'one forest entered with a wrong password', server: runsOf(withEvents(healthyServer(), abandonBegan(510), running(512), engine(6201, 511.5), engine(6603, 520, [contoso.name]), engine(6603, 521, [europe.name]), engine(6603, 522, [entra.name])), ran(contoso, 530), ran(europe, 530, 'no-start-credentials'), ran(entra, 530)), ids: ['connector-password'], plan: 'connector-password' },
  ],
  'key-recreated': [
    { name: 'by the service, no run since', server: recreated, ids: ['key-recreated'], plan: 'credentials-only' },
    { name: 'with 6601 and failed runs', server: runsOf(withEvents(recreated, engine(6601, 501, [contoso.name]), engine(6602, 501, [europe.name])), ran(contoso, 502, 'no-start-credentials'), ran(europe, 502, 'no-start-credentials')), ids: ['key-recreated'] },
  ],
  'database': [
    { name: 'no SQL connection', server: withEvents(stopped(healthyServer(), 1066, 0x8023043e), ended(500, '%%2149778494')), ids: ['database-broken'], plan: 'manual' },
    { name: 'a key set of another database', server: withEvents(stopped(healthyServer(), 1066, 0x80231003), ended(500, '%%2149781507')), ids: ['database-restored'] },
    { name: 'nearly full while running', server: { ...healthyServer(), database: { ...healthyServer().database, usedMegabytes: known(9800) } }, ids: ['database-nearly-full', 'healthy'] },
    { name: 'a large database on a SQL server', server: { ...healthyServer(), database: { ...healthyServer().database, server: known('sql1.contoso.example'), usedMegabytes: known(20_000) } }, ids: ['healthy'] },
    { name: 'full', server: withEvents(healthyServer(), engine(6323, 595)), ids: ['database-nearly-full'] },
  ],
  'connectors': [
    { name: 'one forest\'s password', server: runsOf(healthyServer(), ran(contoso, 590), ran(europe, 590, 'no-start-credentials'), ran(europe, 500), ran(entra, 590)), ids: ['connector-password'], plan: 'connector-password' },
    { name: '6000 that names one forest must not accuse the other', server: withEvents(healthyServer(), engine(6000, 595, [], `The management agent "${europe.name}" failed to run because the credentials were invalid.`)), ids: ['connector-password'] },
    { name: '6000 older than the last success', server: withEvents(healthyServer(), engine(6000, 400, [europe.name])), ids: ['healthy'] },
    { name: 'the Entra sign-in', server: cloud(runsOf(withEvents(healthyServer(), engine(6801, 592, [], 'AADSTS50126: Error validating credentials')), ran(contoso, 590), ran(europe, 590), ran(entra, 500)), false), ids: ['entra-sign-in'], plan: 'entra-reinitialize' },
    { name: 'the Entra sign-in with an application', server: { ...cloud(runsOf(withEvents(healthyServer(), directory(906, 592, [], 'AADSTS700027: certificate')), ran(contoso, 590), ran(europe, 590), ran(entra, 500)), false), authenticationMode: known('Application') }, ids: ['application-auth'], plan: 'entra-application' },
    { name: 'the Entra sign-in, mode unknown on a current build', server: { ...cloud(runsOf(healthyServer(), ran(contoso, 590), ran(europe, 590), ran(entra, 590, 'no-start-credentials')), false), authenticationMode: missing('failed') }, ids: ['entra-sign-in'], plan: 'manual' },
    { name: 'the Entra sign-in on a build that only knows passwords', server: build({ ...cloud(runsOf(healthyServer(), ran(contoso, 590), ran(europe, 590), ran(entra, 590, 'no-start-credentials')), false), authenticationMode: missing('command-absent') }, '2.4.131.0'), ids: ['entra-sign-in', 'build-unsupported'], plan: 'entra-reinitialize' },
    { name: 'a refused sign-in before the last success', server: withEvents(healthyServer(), engine(6900, 400, [], 'AADSTS50126')), ids: ['healthy'] },
    { name: 'a run that failed for another reason', server: runsOf(healthyServer(), ran(contoso, 590, 'stopped-connectivity'), ran(europe, 590), ran(entra, 590)), ids: ['cannot-tell'] },
  ],
  'builds': [
    { name: 'healthy on 1.1.443.0', server: build(healthyServer(), '1.1.443.0'), ids: ['build-too-old', 'healthy'] },
    { name: 'healthy on 1.1.484.0', server: build(healthyServer(), '1.1.484.0'), ids: ['build-unsupported', 'healthy'] },
    { name: 'healthy on 1.1.1050.0, which is newer than 1.1.443.0', server: build(healthyServer(), '1.1.1050.0'), ids: ['build-unsupported', 'healthy'] },
    { name: 'a recalled build', server: build(healthyServer(), '2.6.79.0'), ids: ['build-unsupported', 'healthy'] },
    { name: 'a build that is newer than the data', server: build(healthyServer(), '2.7.10.0'), ids: ['healthy'] },
  ],
  'the server itself': [
    { name: 'no service', server: { ...healthyServer(), service: { ...stopped(healthyServer()).service, exists: known(false), state: missing('not-found'), startName: missing('not-found') } }, ids: ['not-installed'] },
    { name: 'not elevated', server: { ...healthyServer(), shell: { ...healthyServer().shell, elevated: known(false) } }, ids: ['access-denied', 'healthy'] },
    { name: 'connectors refused', server: { ...healthyServer(), connectors: missing('access-denied'), runs: missing('access-denied') }, ids: ['access-denied'], plan: 'manual' },
    { name: 'the ADSync module does not answer', server: { ...healthyServer(), connectors: missing('failed', 'faulted'), runs: missing('failed') }, ids: ['cannot-tell'] },
    { name: 'nothing could be read', server: { ...healthyServer(), service: { ...healthyServer().service, exists: missing('timed-out'), state: missing('timed-out') } }, ids: ['cannot-tell'] },
    { name: 'stopped in order', server: stopped(healthyServer()), ids: ['cannot-tell'] },
  ],
};

describe('diagnosis', () => {
  for (const [group, cases] of Object.entries(groups)) {
    describe(group, () => {
      for (const { name, server, options, ids, plan } of cases) {
        it(`${name}: ${ids.join(', ')}`, () => {
          const findings = diagnose(server, options);
          assert.deepEqual(findings.map((found) => found.id), ids, findings.map((found) => `${found.id}: ${found.detail}`).join('\n'));
          if (plan !== undefined) assert.equal(findings[0]?.plan, plan);
          for (const found of findings) {
            assert.notEqual(found.title, '');
            assert.notEqual(found.detail, '');
            assert.notEqual(found.advice, '');
            assert.ok(found.evidence.length > 0, `${found.id} gives no evidence`);
          }
        });
      }
    });
  }

  it('abandons for nothing but a lost key', () => {
    for (const { name, server, options } of Object.values(groups).flat()) {
      for (const found of diagnose(server, options)) if (found.plan === 'full-abandonment') assert.equal(found.id, 'key-lost', name);
    }
  });

  it('tells of a claim to abandon the key that nobody launched, whose it is and what to do, and not of one whose marker is there', () => {
    const [up] = diagnose(claimed(healthyServer()));
    assert.deepEqual([up?.id, up?.severity], ['cannot-tell', 'warning']);
    for (const [one] of [diagnose(claimed(healthyServer())), diagnose(claimed(keyLostServer())), diagnose(claimed(stopped(healthyServer())))]) {
      assert.equal(one?.id, 'cannot-tell');
      assert.match(one.detail, /5b2e7c1e-0000-4000-8000-000000000001 claimed it at 2026-10-05T11:00/);
      assert.ok(one.evidence.some((evidence) => evidence.kind === 'fact' && evidence.fact === 'abandon.claim'));
      assert.match(one.advice, /go on with that run, or start the single step/);
    }
    const both = marked(healthyServer(), { Intent: '2026-10-05T11:00:00.0000000Z', ExitCode: '0', Finished: '2026-10-05T11:01:00.0000000Z' });
    assert.ok(!diagnose({ ...both, markers: known([...(both.markers.known ? both.markers.value : []), ...claimedMarkers]) }).some((one) => one.evidence.some((evidence) => evidence.kind === 'fact' && evidence.fact === 'abandon.claim')));
  });

  it('names the connector that needs its password', () => {
    const server = runsOf(healthyServer(), ran(contoso, 590), ran(europe, 590, 'no-start-credentials'), ran(entra, 590));
    assert.deepEqual(diagnose(server).map((found) => found.target), [europe.name]);
  });

  it('says why it cannot tell', () => {
    const [found] = diagnose(logsOnAs(keyLostServer(), 'CONTOSO\\svc-adsync', 'none'));
    assert.match(found?.detail ?? '', /not proven that the service logs on as its original account/);
    const [third] = diagnose(marked(stopped(healthyServer()), { Intent: at(509), Phase: 'stopping' }));
    assert.match(third?.title ?? '', /abandonment of the key was begun and its outcome is unknown/);
    const [second] = diagnose(withEvents(stopped(healthyServer()), engine(6208, 499)));
    assert.match(second?.detail ?? '', /can be written by any program/);
  });
});
