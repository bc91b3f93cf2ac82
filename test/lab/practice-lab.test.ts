import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { labLayout } from '../../lab/layout.ts';
import { loadScenario } from '../../lab/scenario.ts';
import { AutomaticPerson } from '../../lab/try/automatic-person.ts';
import { journalFile } from '../../lab/try/journal-file.ts';
import { judgeAll } from '../../lab/try/judge.ts';
import { repair } from '../../lab/try/rounds.ts';
import { openShippedLab, PracticeConnection } from './support/practice-server.ts';

const layout = labLayout(process.cwd());

describe('The practice lab that ships, in somebody\'s own PowerShell', function () {
  this.timeout(300_000);
  let lab: Awaited<ReturnType<typeof openShippedLab>>;

  before(async () => { lab = await openShippedLab(['stale-scm-password']); });
  after(async () => { await lab[Symbol.asyncDispose](); });

  it('diagnoses a server and repairs it to a healthy one', async () => {
    const id = 'stale-scm-password';
    await using server = new PracticeConnection(id, lab.program(id));
    const said: string[] = [];
    const say = (line: string): void => { said.push(line); };
    const practice = lab.servers.find(({ scenario }) => scenario.id === id)!;
    const directory = join(lab.folder, 'servers', id);
    const person = new AutomaticPerson(layout, { name: id, scenario: loadScenario(layout, id), directory, powershell: '', secrets: practice.secrets, ssh: undefined, stop: () => Promise.resolve() }, say);
    await mkdir(join(lab.folder, 'runs'), { recursive: true });
    const done = await repair({ server, person, plan: 'recommended', adDs: 'object-model', journal: (run) => journalFile(join(lab.folder, 'runs'), run), say, signal: new AbortController().signal });
    assert.ok(done.before.includes('stale-scm-password'), said.join('\n'));
    assert.equal(done.refused, null, said.join('\n'));
    const [verdict] = await judgeAll(layout, [directory]);
    assert.deepEqual([verdict?.healthy, verdict?.reasons, verdict?.harm], [true, [], []], said.join('\n'));
  });

  it('ends what still runs on a server, and leaves no file', async () => {
    await using server = new PracticeConnection('stale-scm-password', lab.program('stale-scm-password'));
    const session = await server.session();
    await lab.close();
    await session.closed;
    assert.equal(existsSync(lab.folder), false);
    assert.throws(() => lab.program('nowhere'), /no practice server 'nowhere'/);
  });
});
