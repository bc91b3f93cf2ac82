import assert from 'node:assert/strict';
import { diagnose } from '../../../src/connect/diagnosis.ts';
import { known, missing } from '../../../src/connect/fact.ts';
import type { Finding } from '../../../src/connect/finding.ts';
import type { FindingId } from '../../../src/connect/ids.ts';
import { keyObjections } from '../../../src/connect/key-objections.ts';
import { keyLost, keyUnreadable } from '../../../src/connect/rules/key.ts';
import { finding } from '../../../src/connect/rules/rule.ts';
import { assess, type DiagnoseOptions } from '../../../src/connect/situation.ts';
import type { EventBlock, Snapshot } from '../../../src/connect/snapshot.ts';
import { abandonBegan, at, ended, engine, healthyServer, keyCode, keyLostServer, logsOnAs, marked, ordered, scm, stopped, withEvents } from './servers.ts';

/** A server that differs in one condition from one whose key is lost, and the sentence that says so. */
interface NearMiss { readonly name: string; readonly server: Snapshot; readonly says: RegExp; readonly options?: DiagnoseOptions }

const lost = keyLostServer();
const saying = (...events: Parameters<typeof withEvents>[1][]): Snapshot => withEvents(stopped(healthyServer(), 1066, keyCode), ended(500), ...events);
const writable = (server: Snapshot, fact: Snapshot['domainController']['writable']): Snapshot => ({ ...server, domainController: { ...server.domainController, writable: fact } });
const unread = (block: EventBlock): Snapshot => ({ ...lost, events: { ...lost.events, missing: new Map([[block, missing('timed-out')]]) } });
const cut = (block: EventBlock): Snapshot => ({ ...lost, events: { ...lost.events, full: new Set([block]), records: ordered([...lost.events.records, { ...engine(9000, 400), block }]) } });
const owned = (server: Snapshot, owner: string): Snapshot => ({ ...server, database: { ...server.database, processAlive: known(true), processOwner: known(owner) } });
const listed = (files: readonly string[], registry: readonly string[] = files): Snapshot => ({ ...lost, original: { baseline: missing('not-found'), baselineMachineId: missing('not-found'), fileAccounts: known(files), registryAccounts: known(registry) } });
const own = 'CONTOSO\\svc-adsync';

const nearMisses: readonly NearMiss[] = [
  // Windows' own record of the last start.
  { name: 'no code and no 7024', server: withEvents(stopped(healthyServer(), 0), engine(6208, 499.9)), says: /Windows itself has not recorded a key failure/ },
  { name: 'another service-specific code', server: withEvents(stopped(healthyServer(), 1066, 0x80231003), ended(500, '%%2149781507'), engine(6208, 499.9)), says: /Windows itself has not recorded/ },
  { name: 'a code that the newest event contradicts', server: withEvents(lost, scm(7038, 520, ['ADSync', own, '%%1326'])), says: /Windows itself has not recorded/ },
  { name: '7024 of before the last good start', server: withEvents(stopped(healthyServer(), 1077), ended(-10), engine(6208, 499.9)), says: /Windows itself has not recorded/ },
  { name: 'the service runs', server: withEvents(healthyServer(), ended(-1), engine(6208, 599)), says: /Windows itself has not recorded/ },
  // The original account.
  { name: 'no proof of the account', server: logsOnAs(lost, own, 'none'), says: /not proven that the service logs on as its original account/ },
  { name: 'a baseline of another machine only', server: { ...logsOnAs(lost, own, 'none'), original: { ...logsOnAs(lost, own, 'none').original, baseline: known(own), baselineMachineId: known('00000000-0000-4000-8000-000000000000') } }, says: /not proven/ },
  { name: 'a baseline without a machine', server: { ...logsOnAs(lost, own, 'none'), original: { ...logsOnAs(lost, own, 'none').original, baseline: known(own), baselineMachineId: missing('not-found') } }, says: /not proven/ },
  { name: 'a baseline where this machine has no id', server: { ...logsOnAs(lost, own, 'none'), machineId: missing('not-found'), original: { ...logsOnAs(lost, own, 'none').original, baseline: known(own) } }, says: /not proven/ },
  { name: 'a baseline of another account', server: { ...lost, original: { ...lost.original, baseline: known('CONTOSO\\other') } }, says: /was installed with CONTOSO\\other/ },
  { name: 'a baseline that may mean the account', server: { ...lost, original: { ...lost.original, baseline: known('svc-adsync@contoso.example') } }, says: /its name alone does not tell/ },
  { name: 'access lists that name two accounts', server: listed([own, 'CONTOSO\\svc-other']), says: /more than one account/ },
  { name: 'access lists that name two, in one list each', server: listed([own], ['CONTOSO\\svc-other']), says: /more than one account/ },
  { name: 'access lists that name another one', server: listed(['CONTOSO\\svc-other']), says: /was installed with CONTOSO\\svc-other/ },
  { name: 'access lists that name another one in the registry only', server: listed([], ['CONTOSO\\svc-other']), says: /more than one account/ },
  { name: 'access lists with an account that Windows cannot name', server: listed([own, 'S-1-5-21-1-2-3-1104']), says: /cannot resolve/ },
  { name: 'access lists with a virtual account that Windows cannot name', server: listed([own, 'S-1-5-80-1-2-3-4-5']), says: /cannot resolve/ },
  { name: 'access lists that name the virtual account as well', server: listed([own, 'NT SERVICE\\ADSync']), says: /more than one account/ },
  { name: 'access lists that name a managed account as well', server: listed([own, 'CONTOSO\\gmsa-sync$']), says: /more than one account/ },
  { name: 'access lists that name a local user as well', server: listed([own, 'SYNC1\\AAD_1']), says: /more than one account/ },
  { name: 'access lists that only name groups', server: listed(['BUILTIN\\Administrators', 'SYNC1\\ADSyncAdmins']), says: /do not name the Log On account/ },
  { name: 'access lists of the files that could not be read', server: { ...listed([own]), original: { ...listed([own]).original, fileAccounts: missing('access-denied') } }, says: /could not be read/ },
  { name: 'access lists of the registry that could not be read', server: { ...listed([own]), original: { ...listed([own]).original, registryAccounts: missing('access-denied') } }, says: /could not be read/ },
  { name: 'neither a folder nor a key to read', server: { ...listed([]), original: { ...listed([]).original, fileAccounts: missing('not-found'), registryAccounts: missing('not-found') } }, says: /could not be read/ },
  { name: 'a database process of another account beside access lists', server: owned(listed([own]), 'CONTOSO\\other'), says: /runs as CONTOSO\\other/ },
  { name: 'a database process of another account and silent lists', server: owned(listed([]), 'CONTOSO\\other'), says: /runs as CONTOSO\\other/ },
  { name: 'a database process of perhaps the account', server: owned(listed([]), 'svc-adsync@contoso.example'), says: /not proven/ },
  { name: 'an owner of a database process that does not run', server: { ...owned(listed([]), own), database: { ...owned(listed([]), own).database, processAlive: known(false) } }, says: /not proven/ },
  { name: 'the account\'s own database process against lists that name two', server: owned(listed(['CONTOSO\\svc-a', 'CONTOSO\\svc-b']), own), says: /more than one account/ },
  { name: 'the account\'s own database process against a name that is none', server: owned(listed(['S-1-5-21-1-2-3-1104']), own), says: /cannot resolve/ },
  { name: 'the account\'s own database process against lists that name another', server: owned(listed(['CONTOSO\\svc-other']), own), says: /was installed with CONTOSO\\svc-other/ },
  { name: 'a servers file that names another account', server: lost, options: { claims: { serviceAccount: 'CONTOSO\\other' } }, says: /the servers file names CONTOSO\\other/ },
  { name: 'a servers file with a name that is none', server: lost, options: { claims: { serviceAccount: 'nobody' } }, says: /the servers file names nobody/ },
  { name: 'an unreadable log-on account', server: { ...lost, service: { ...lost.service, startName: missing('access-denied') } }, says: /could not be read/ },
  { name: 'LocalSystem with a baseline that says so', server: logsOnAs(lost, 'LocalSystem'), says: /built-in account/ },
  // The way back that a domain has.
  { name: 'no writable domain controller', server: writable(lost, known(false)), says: /none answers/ },
  { name: 'nobody knows whether one answers', server: writable(lost, missing('command-absent')), says: /not known whether one answers/ },
  { name: 'no writable domain controller for a managed account', server: writable(logsOnAs(lost, 'CONTOSO\\gmsa-sync$'), known(false)), says: /none answers/ },
  { name: 'the old password is known', server: lost, options: { oldPassword: 'known' }, says: /password from before the change is known/ },
  // What the engine says.
  { name: '6227', server: withEvents(lost, engine(6227, 499.8)), says: /made a new key by itself \(event 6227\)/ },
  { name: '6231', server: withEvents(lost, engine(6231, 499.8)), says: /made a new key by itself \(event 6231\)/ },
  { name: '6227 after which the engine says that it started', server: withEvents(lost, engine(6227, 300), engine(2001, 300.1)), says: /event 6227/ },
  { name: '6223', server: withEvents(lost, engine(6223, 499.8)), says: /do not belong to this database/ },
  ...[6204, 6209, 6213, 6222, 6224, 6225].map((id): NearMiss => ({ name: String(id), server: withEvents(lost, engine(id, 499.8)), says: /database had errors/ })),
  { name: 'no word of the key', server: saying(), says: /has not said which key failure/ },
  { name: 'a key event of before the last good start', server: saying(engine(6208, -5)), says: /has not said which key failure/ },
  { name: 'a key event of before the engine started well', server: saying(engine(6208, 100), engine(2001, 101)), says: /has not said which key failure/ },
  { name: '6202 alone, that keys could not be made', server: saying(engine(6202, 499.9)), says: /has not said which key failure/ },
  { name: 'the right event of another source', server: saying({ ...engine(6208, 499.9), provider: 'Somebody' }), says: /has not said which key failure/ },
  // An abandonment that was begun.
  { name: 'markers that could not be read', server: { ...lost, markers: missing('access-denied') }, says: /Whether an abandonment was begun before could not be read/ },
  { name: 'an abandonment without an outcome', server: marked(lost, { Intent: at(505), Phase: 'abandoning' }), says: /An abandonment was begun at/ },
  { name: 'an abandonment that ended badly', server: marked(lost, { Intent: at(505), Phase: 'finished', ExitCode: '1' }), says: /exit code 1/ },
  { name: 'an abandonment that was done', server: marked(lost, { Intent: at(490), Phase: 'finished', ExitCode: '0', Finished: at(491) }), says: /abandoned already/ },
  { name: 'MIISKMU 1 of somebody else', server: withEvents(lost, abandonBegan(510)), says: /somebody has begun to abandon the key/ },
  // What was not read cannot rule anything out.
  ...(['scm', 'key-new', 'abandonment', 'key', 'database'] as const).map((block): NearMiss => ({ name: `unread events: ${block}`, server: unread(block), says: new RegExp(`could not be read \\(${block}\\)`) })),
  ...(['key-new', 'abandonment', 'key', 'database'] as const).map((block): NearMiss => ({ name: `a list of events that was cut off: ${block}`, server: cut(block), says: new RegExp(`more events \\(${block}\\)`) })),
];

/** Servers that differ in what does not matter: the key is lost all the same. */
const lostAllTheSame: readonly (readonly [string, Snapshot])[] = [
  ['6208', lost],
  ...[6203, 6207, 6028, 6206].map((id): [string, Snapshot] => [String(id), saying(engine(id, 499.9))]),
  ['6227 of before the last good start', withEvents(lost, engine(6227, -5))],
  ['database errors of before the last good start', withEvents(lost, engine(6213, -5))],
  ['MIISKMU 1 of before the last good start', withEvents(lost, abandonBegan(-5))],
  ['an abandonment that refused before it began', marked(lost, { Intent: at(505), Phase: 'refused', Refusal: 'A program is open.' })],
  ['a cut list that reaches beyond the last good start', { ...lost, events: { ...lost.events, full: new Set(['key'] as const), records: ordered([...lost.events.records, engine(6208, -60)]) } }],
  ['proof by the access lists', logsOnAs(lost, own, 'acl')],
  ['proof by the access list of the registry, without a Data folder', { ...listed([own]), original: { ...listed([own]).original, fileAccounts: missing('not-found') } }],
  ['access lists with a group of the setup program and the computer itself', listed([own, 'SYNC1\\ADSyncBrowse', 'CONTOSO\\SYNC1$', 'NT AUTHORITY\\SYSTEM'])],
  ['proof by the owner of the database process', owned(listed([]), own)],
  ['a domain controller that does not matter to a local account', writable(logsOnAs(lost, '.\\AAD_1'), known(false))],
  ['a servers file that names the same account', lost],
];

describe('what stands against the conclusion that a key is lost', () => {
  for (const { name, server, options, says } of nearMisses) {
    it(`${name}: ${says.source}`, () => {
      const objections = keyObjections(assess(server, options ?? {}));
      assert.ok(objections.some((objection) => says.test(objection)), `${objections.length} objections: ${objections.join(' | ')}`);
      assert.ok(!diagnose(server, options).some((found) => found.id === 'key-lost' || found.plan === 'full-abandonment'), name);
    });
  }

  for (const [name, server] of lostAllTheSame) {
    it(`nothing: ${name}`, () => {
      assert.deepEqual(keyObjections(assess(server, { claims: { serviceAccount: server.service.startName.known ? server.service.startName.value : undefined } })), []);
      assert.equal(diagnose(server)[0]?.id, 'key-lost');
    });
  }
});

describe('the rules about the key, beside what was found before', () => {
  const found = (id: FindingId): Finding => finding({ id, severity: 'error', title: id, detail: id, advice: id, evidence: [] });
  const conclude = (rule: typeof keyLost, server: Snapshot, ...before: FindingId[]): readonly string[] => rule(assess(server, {}), before.map(found)).map((one) => one.id);

  it('a lost key is not concluded beside a fault that looks like it', () => {
    assert.deepEqual(conclude(keyLost, lost), ['key-lost']);
    for (const id of ['account-replaced', 'database-broken', 'database-restored', 'database-nearly-full', 'key-recreated', 'key-unreadable-no-dc'] as const) assert.deepEqual(conclude(keyLost, lost, id), [], id);
    assert.deepEqual(conclude(keyLost, stopped(healthyServer())), []);
  });

  it('an unreadable key is concluded only for a domain\'s account without a controller, and beside nothing that explains it', () => {
    const away = writable(lost, known(false));
    assert.deepEqual(conclude(keyUnreadable, away), ['key-unreadable-no-dc']);
    for (const id of ['account-replaced', 'database-broken', 'database-restored', 'key-recreated'] as const) assert.deepEqual(conclude(keyUnreadable, away, id), [], id);
    assert.deepEqual(conclude(keyUnreadable, lost), []);
    assert.deepEqual(conclude(keyUnreadable, writable(logsOnAs(lost, '.\\AAD_1'), known(false))), []);
    assert.deepEqual(conclude(keyUnreadable, writable(healthyServer(), known(false))), []);
    assert.deepEqual(conclude(keyUnreadable, writable(stopped(healthyServer()), known(false))), []);
  });
});
