import assert from 'node:assert/strict';
import { diagnose } from '../../../src/connect/diagnosis.ts';
import { known, missing } from '../../../src/connect/fact.ts';
import { findingIds, planIds, stepIds, type FindingId } from '../../../src/connect/ids.ts';
import type { Snapshot } from '../../../src/connect/snapshot.ts';
import { steps } from '../../../src/connect/steps/registry.ts';
import { directory, engine, entra, europe, contoso, ended, healthyServer, keyLostServer, logonFailed, logsOnAs, ran, scm, staleServer, stopped, withEvents } from '../diagnosis/servers.ts';
import { pageText, section } from './pages.ts';
import { writtenGates } from './written-gates.ts';

const page = pageText('docs/findings.md');
const healthy = healthyServer();
const down = (code: number): Snapshot => withEvents(stopped(healthy, 1069), ...logonFailed(500, code));
const refused = (server: Snapshot, said: string): Snapshot => ({
  ...withEvents(server, directory(906, 595, [], said)), runs: known([ran(contoso, 590), ran(europe, 590), ran(entra, 500)]), scheduler: { ...server.scheduler, cloud: missing('failed') },
});

/** Servers that show each finding; several where it calls for different plans. */
const shows: Readonly<Record<FindingId, readonly Snapshot[]>> = {
  'healthy': [healthy],
  'stale-scm-password': [staleServer()],
  'account-blocked': [1909, 1331, 1793, 1330, 1907, 1327, 1328, 1329].map(down),
  'logon-unavailable': [1311, 1789, 1398].map(down),
  'logon-right-missing': [withEvents(stopped(healthy, 1069), scm(7041, 500, ['ADSync', 'CONTOSO\\svc-adsync', '%%1385']))],
  'account-replaced': [{ ...keyLostServer(), original: { ...healthy.original, baseline: known('NT SERVICE\\ADSync') } }, logsOnAs(stopped(healthy), 'LocalSystem', 'none')],
  'key-unreadable-no-dc': [{ ...keyLostServer(), domainController: { ...healthy.domainController, writable: known(false) } }],
  'key-recreated': [withEvents(keyLostServer(), engine(6227, 499.8)), withEvents(keyLostServer(), engine(6231, 499.8))],
  'key-lost': [keyLostServer()],
  'database-broken': [withEvents(stopped(healthy, 1066, 0x8023043e), ended(500, '%%2149778494'))],
  'database-restored': [withEvents(stopped(healthy, 1066, 0x80231003), ended(500, '%%2149781507')), withEvents(keyLostServer(), engine(6223, 499.8))],
  'database-nearly-full': [{ ...healthy, database: { ...healthy.database, usedMegabytes: known(9216) } }, withEvents(healthy, engine(6323, 595)), { ...withEvents(healthy, engine(6073, 595)), database: { ...healthy.database, server: known('sql1') } }],
  'connector-password': [{ ...healthy, runs: known([ran(europe, 590, 'no-start-credentials'), ran(contoso, 590), ran(entra, 590)]) }],
  'entra-sign-in': [refused(healthy, 'AADSTS50126'), refused(healthy, 'AADSTS53003'), refused(healthy, 'AADSTS50057'), { ...refused(healthy, 'AADSTS50126'), authenticationMode: missing('failed') }],
  'application-auth': [{ ...refused(healthy, 'AADSTS700027'), authenticationMode: known('Application') }],
  'build-too-old': [{ ...healthy, installation: { ...healthy.installation, build: known('1.1.443.0') } }],
  'build-unsupported': [{ ...healthy, installation: { ...healthy.installation, build: known('1.1.484.0') } }, { ...healthy, installation: { ...healthy.installation, build: known('2.6.79.0') } }],
  'not-installed': [{ ...healthy, service: { ...stopped(healthy).service, exists: known(false), state: missing('not-found'), startName: missing('not-found') } }],
  'access-denied': [{ ...healthy, connectors: missing('access-denied'), runs: missing('access-denied') }, { ...healthy, shell: { ...healthy.shell, elevated: known(false) } }],
  'cannot-tell': [stopped(healthy), withEvents(stopped(healthy, 1066, 0x80231000), ...logonFailed(500, 1326))],
};

const backticked = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');

describe('docs/findings.md', () => {
  it('has a section for each finding that there is, and for no other', () => {
    const before = page.slice(0, page.indexOf('## What cannot be undone'));
    assert.deepEqual([...before.matchAll(/^### (.+)$/gm)].map((match) => match[1]).sort(), [...findingIds].sort());
    assert.deepEqual([...before.matchAll(/^\| \[([a-z-]+)\]\(#\1\) \|/gm)].map((match) => match[1]).sort(), [...findingIds].sort());
  });

  for (const id of findingIds) {
    it(`${id}: says what it means, how it is proven, what looks alike, what to do, and the plans that the diagnosis gives it`, () => {
      const text = section(page, `### ${id}`) ?? '';
      for (const label of ['Means', 'Proven by', 'Looks alike', 'Do', 'Plan']) assert.match(text, new RegExp(`^\\*\\*${label}\\.\\*\\* \\S`, 'm'), label);
      const found = shows[id].map((server) => diagnose(server).find((finding) => finding.id === id));
      found.forEach((finding, at) => { assert.ok(finding !== undefined, `server ${at} does not show it: ${diagnose(shows[id][at]!).map((one) => one.id).join(', ')}`); });
      const plans = [...new Set(found.map((finding) => finding?.plan ?? 'none'))].sort();
      const said = text.split('**Plan.**')[1]?.trim() ?? '';
      assert.deepEqual(said === 'none' ? ['none'] : backticked(said).sort(), plans);
      const row = page.split('\n').find((line) => line.startsWith(`| [${id}](`)) ?? '';
      const last = row.split('|').at(-2)?.trim() ?? '';
      assert.deepEqual(last === 'none' ? ['none'] : backticked(last).sort(), plans);
    });
  }

  it('names no finding, plan or step that does not exist', () => {
    const words: ReadonlySet<string> = new Set<string>([...findingIds, ...planIds, ...stepIds]);
    const ids = [...page.matchAll(/\*([a-z]+(?:-[a-z]+)+)\*/g)].map((match) => match[1] ?? '');
    for (const id of ids) assert.ok(words.has(id), id);
    const gates = section(page, '## Gates') ?? '';
    for (const word of backticked(page.replace(gates, '')).filter((text) => /^[a-z]+(?:-[a-z]+)+$/.test(text))) {
      assert.ok(words.has(word) || ['no-start-credentials', 'enterprise-admin'].includes(word), word);
    }
  });

  it('tells of each step that cannot be undone or replaces a secret, and of the start that may', () => {
    const text = section(page, '## What cannot be undone') ?? '';
    const meant = steps.filter(({ danger }) => danger === 'irreversible' || danger === 'secret').map(({ id }) => id);
    assert.deepEqual(stepIds.filter((id) => text.includes(`\`${id}\``)).sort(), [...meant, 'start-service'].sort());
  });

  it('has each gate, and says of the right ones that a person may overrule them', () => {
    const rows = [...(section(page, '## Gates') ?? '').matchAll(/^\| `([a-z-]+)` \| (.+) \|$/gm)].map((match) => ({ id: match[1], overridable: match[2]?.includes('may be overruled') === true }));
    assert.deepEqual(rows, writtenGates());
  });
});
