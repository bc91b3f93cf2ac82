import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { labLayout } from '../../lab/layout.ts';
import { startPracticeServers, type PracticeServers } from '../../lab/practice-servers.ts';
import type { SimulatedServer } from '../../lab/server.ts';
import { AutomaticPerson } from '../../lab/try/automatic-person.ts';
import { journalFile } from '../../lab/try/journal-file.ts';
import { judge } from '../../lab/try/judge.ts';
import { LabServer } from '../../lab/try/lab-server.ts';
import { repair } from '../../lab/try/rounds.ts';
import { ProcessWatch, canariesIn, canariesInTree, type Canary } from './support/secret-search.ts';
import { TappedServer } from './support/tapped-server.ts';

const lab = labLayout(process.cwd());

/** Together they use every step that takes a secret, and both transports; the local one shows its bytes. */
const repairs = [['stale-scm-password', 'local'], ['key-lost-current', 'ssh'], ['key-lost-1.1.443', 'local']] as const;

/** Logging policies as a careful administrator sets them: every invocation with its bound values lands in a transcript. */
function transcribe(server: SimulatedServer): string {
  const folder = join(server.directory, 'transcripts');
  const configuration = join(server.directory, 'home', '.config', 'powershell');
  mkdirSync(folder, { recursive: true });
  mkdirSync(configuration, { recursive: true });
  writeFileSync(join(configuration, 'powershell.config.json'), JSON.stringify({
    PowerShellPolicies: {
      Transcription: { EnableTranscripting: true, EnableInvocationHeader: true, OutputDirectory: folder },
    },
  }));
  return folder;
}

function canariesOf(server: SimulatedServer): Canary[] {
  return Object.entries(server.secrets).map(([name, value]) => ({ name, value }));
}

describe('no secret is left anywhere', function () {
  this.timeout(180_000);
  let practice: PracticeServers;

  before(async () => {
    practice = await startPracticeServers(lab, ['healthy'], { ssh: false });
  });
  after(async () => {
    await practice.stop();
  });

  it('the search finds a secret in every place that it searches', async () => {
    const canary: Canary = { name: 'planted', value: 'PlantedCanary0123456789é\'$"&<' };
    const canaries = [canary];
    const folder = mkdtempSync(join(tmpdir(), 'canary-'));
    try {
      const plants: Record<string, string | Buffer> = {
        'plain.txt': `password=${canary.value}`,
        'wide.txt': Buffer.from(`\uFEFFpassword=${canary.value}`, 'utf16le'),
        'escaped.xml': `<S>${canary.value.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</S>`,
        'escaped.json': JSON.stringify({ a: canary.value }),
        'base64-0.log': Buffer.from(canary.value).toString('base64'),
        'base64-1.log': Buffer.from(`x${canary.value}`).toString('base64'),
        'base64-2.log': Buffer.from(`xx${canary.value}`).toString('base64'),
        'encoded-command.log': Buffer.from(`"${canary.value}"`, 'utf16le').toString('base64'),
      };
      mkdirSync(join(folder, 'deep'));
      for (const [name, content] of Object.entries(plants)) writeFileSync(join(folder, 'deep', name), content);
      assert.deepEqual(canariesInTree(folder, canaries).sort(), Object.keys(plants).map((name) => `${join(folder, 'deep', name)}: planted`).sort());
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }

    using watch = new ProcessWatch(canaries);
    for (const [options, found] of [[{ args: [canary.value], env: {} }, 'cmdline: planted'], [{ args: [], env: { PASSWORD: canary.value } }, 'environ: planted']] as const) {
      const child = spawn(process.execPath, ['-e', 'process.stdout.write("up"); process.stdin.resume()', ...options.args], { env: { ...process.env, ...options.env }, stdio: ['pipe', 'pipe', 'ignore'] });
      await once(child.stdout, 'data');
      watch.look();
      child.kill('SIGKILL');
      await once(child, 'close');
      assert.ok(watch.finds.has(found), `a process that carries the secret must be found: ${found}`);
    }

    const server = practice.servers[0]!;
    const transcripts = transcribe(server);
    await using tapped = new TappedServer(server.name, server.powershell);
    const session = await tapped.session();
    const pipeline = session.invoke('param($Text) Write-Output -InputObject $Text', { parameters: { Text: canary.value } });
    const terminal: string[] = [];
    for await (const record of pipeline) terminal.push(JSON.stringify(record));
    assert.deepEqual(canariesIn(Buffer.from(terminal.join('\n')), canaries), ['planted'], 'what a terminal shows');
    assert.deepEqual(canariesIn(tapped.wire(), canaries), ['planted'], 'the wire');
    await session[Symbol.asyncDispose]();
    assert.notDeepEqual(canariesInTree(transcripts, canaries), [], 'a transcript keeps what is bound to a command');
  });

  for (const [scenario, transport] of repairs) {
    it(`${scenario} repaired over ${transport} leaves none in files, logs, terminal, arguments, scripts or the wire`, async () => {
      await using servers = { started: await startPracticeServers(lab, [scenario]), [Symbol.asyncDispose]: () => servers.started.stop() };
      const server = servers.started.servers[0]!;
      const transcripts = transcribe(server);
      mkdirSync(join(servers.started.directory, 'runs'));
      const canaries = canariesOf(server);
      assert.ok(canaries.length >= 4);
      using watch = new ProcessWatch(canaries);
      const terminal: string[] = [];
      const reached = transport === 'local' ? new TappedServer(server.name, server.powershell) : new LabServer(servers.started, server, 'ssh', 'key');
      try {
        const say = (line: string): void => { terminal.push(line); };
        const done = await repair({
          server: reached, person: new AutomaticPerson(lab, server, say), plan: 'recommended',
          journal: (run) => journalFile(join(servers.started.directory, 'runs'), run), say, signal: new AbortController().signal,
        });
        terminal.push(JSON.stringify(done));
      } finally {
        await reached[Symbol.asyncDispose]();
      }
      const verdict = await judge(lab, server.directory);
      assert.deepEqual([verdict.healthy, verdict.reasons], [true, []], terminal.join('\n'));
      assert.ok(watch.looks > 10);
      assert.deepEqual([...watch.finds], [], 'process arguments and environments');
      assert.deepEqual(canariesIn(Buffer.from(terminal.join('\n')), canaries), [], 'terminal');
      if (reached instanceof TappedServer) assert.deepEqual(canariesIn(reached.wire(), canaries), [], 'wire');
      assert.deepEqual(canariesInTree(servers.started.directory, canaries, [servers.started.secretsFile]), [], 'files: journal, state, drive, logs, transcripts');
      assert.notEqual(transcripts, '');
    });
  }
});
