import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

describe('the packed command line', function () {
  this.timeout(120_000);
  let folder: string;
  let tarball: string;
  let files: readonly string[];
  let program: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'cli-package-'));
    tarball = join(folder, 'entra-connect-remediation.tgz');
    // Built aside: other tests use the command line that was built for them.
    const out = join('out', `package-${process.pid}`);
    try {
      files = execFileSync(process.execPath, ['scripts/package/command-line.mjs', tarball], { env: { ...process.env, OUT: out }, encoding: 'utf8' }).trim().split('\n');
    } finally {
      rmSync(out, { recursive: true, force: true });
    }
    // As its users install it; whatever it depended on could not be fetched.
    execFileSync('npm', ['install', '--global', '--offline', '--no-audit', '--no-fund', '--prefix', join(folder, 'installed'), tarball], { stdio: 'ignore' });
    program = join(folder, 'installed', 'bin', 'entra-connect');
  });
  after(() => { rmSync(folder, { recursive: true, force: true }); });

  const environment = (): NodeJS.ProcessEnv => ({ PATH: process.env['PATH'], HOME: folder, ENTRA_CONNECT_STATE: join(folder, 'state') });

  it('installs with npm, brings nothing native and nothing else, and runs by its name', () => {
    assert.ok(files.every((file) => /^(cli\.js|chunks\/[\w.-]+\.js|package\.json|LICENSE|README\.md)$/.test(file)), files.join());
    assert.deepEqual(readdirSync(join(folder, 'installed', 'lib', 'node_modules')), ['entra-connect-remediation']);
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    assert.equal(execFileSync(program, ['--version'], { env: environment(), encoding: 'utf8' }), `${version}\n`);
    assert.match(execFileSync(program, ['runbook', '--plan', 'planned-change', '--build', '2.6.84.0'], { env: environment(), encoding: 'utf8', cwd: folder }), /^# Runbook/);
  });

  it('weighs at most 600 KiB', () => {
    const { size } = statSync(tarball);
    assert.ok(size <= 600 * 1024, `${(size / 1024).toFixed(1)} KiB`);
  });

  it('goes on quietly when whoever read its output has gone', async () => {
    const child = spawn(program, ['runbook', '--plan', 'full-abandonment', '--json'], { env: environment(), cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => { said += text; });
    const code = await new Promise((resolve) => { child.once('close', resolve); });
    assert.deepEqual([code, said], [0, '']);
  });

  it('asks nobody where there is no terminal, and never waits for one', () => {
    const ran = (words: readonly string[]): number | null => {
      try {
        execFileSync(program, words, { env: environment(), cwd: folder, stdio: ['ignore', 'ignore', 'ignore'] });
        return 0;
      } catch (error) {
        return (error as { status: number | null }).status;
      }
    };
    assert.equal(ran(['run', 'practice']), 2);
    assert.equal(ran(['plan', 'practice', '--approve']), 5);
    assert.equal(ran(['diagnose']), 2);
  });
});
