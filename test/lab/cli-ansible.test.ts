import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { chmod, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cliFile, CliUser, ended } from './support/cli-command.ts';
import { firstLine, startLab } from './support/lab-command.ts';

interface Up {
  readonly knownHostsFile: string;
  readonly servers: readonly { readonly name: string; readonly host: string; readonly port: number; readonly user: string; readonly identityFile: string }[];
}
interface Report {
  readonly v: number;
  readonly servers: readonly { readonly name: string; readonly state: string; readonly computerName: string | null; readonly findings: readonly { readonly id: string }[]; readonly error: { readonly message: string } | null }[];
}

/** Entries of the servers file. */
const servers = 20;
/** Simulated servers behind them: each costs seconds to make. ESTATE_SERVERS=20 makes one for every entry. */
const simulated = Number(process.env['ESTATE_SERVERS'] ?? 2);
const forks = 3;

describe('the Ansible playbook for an estate', function () {
  this.timeout(600_000);
  let lab: ChildProcess;
  let up: Up;

  before(async () => {
    lab = startLab(['up', 'stale-scm-password', ...Array.from({ length: simulated - 1 }, () => 'healthy-virtual'), '--json', '--attached']);
    up = JSON.parse(await firstLine(lab)) as Up;
  });
  after(async () => {
    const end = lab.exitCode === null ? new Promise((resolve) => { lab.once('close', resolve); }) : undefined;
    lab.stdin?.end();
    await end;
  });

  it(`reads ${servers} servers over SSH, at most ${forks} at a time, and names what needs attention or cannot be reached`, async () => {
    assert.equal(up.servers.length, simulated);
    const [stale, ...healthy] = up.servers;
    assert.equal(stale?.name, 'stale-scm-password');
    const entries = [stale, ...Array.from({ length: servers - 1 }, (_, index) => healthy[index % healthy.length])].map((server, index) => (
      { name: `server${index}`, host: server?.host, port: server?.port, transport: 'ssh', user: server?.user, identityFile: server?.identityFile }));
    const gone = { name: 'gone', host: '127.0.0.1', port: 1, transport: 'ssh', user: 'nobody', auth: 'password' };
    // Half of them in a group, and one that nobody answers for. JSON is YAML.
    await using user = await CliUser.create(JSON.stringify({ version: 1, groups: [{ name: 'A', servers: entries.slice(0, 10) }], servers: [...entries.slice(10), gone] }));
    await mkdir(join(user.folder, '.ssh'), { mode: 0o700 });
    await copyFile(up.knownHostsFile, join(user.folder, '.ssh', 'known_hosts'));
    // The command line as the playbook calls it, which notes how many of it run at the same time.
    const program = join(user.folder, 'entra-connect');
    await writeFile(program, `#!/bin/sh\necho + >>'${user.folder}/calls'\n'${process.execPath}' '${cliFile}' "$@"\ncode=$?\necho - >>'${user.folder}/calls'\nexit $code\n`);
    await chmod(program, 0o700);
    const report = join(user.folder, 'estate.json');
    const playbook = spawn('ansible-playbook', ['-i', 'localhost,', 'docs/ansible/diagnose-estate.yml', '--forks', String(forks), '-e', JSON.stringify({ servers_file: join(user.folder, 'lab.connect.yaml'), entra_connect: program, report })], {
      env: { PATH: process.env['PATH'] ?? '', ...(process.env['ENTRA_TEST_RUN'] === undefined ? {} : { ENTRA_TEST_RUN: process.env['ENTRA_TEST_RUN'] }), ...user.environment, LC_ALL: 'C.UTF-8', ANSIBLE_NOCOLOR: '1', ANSIBLE_LOCAL_TEMP: join(user.folder, 'tmp'), ANSIBLE_REMOTE_TEMP: join(user.folder, 'tmp') },
    });
    const { code, stdout, stderr } = await ended(playbook);
    assert.equal(code, 2, `${stdout}${stderr}`);
    assert.match(stdout, /21 servers: 1 need attention \(server0: stale-scm-password\), +1 not reached \(gone\), +0 without an answer/);

    const estate = JSON.parse(await readFile(report, 'utf8')) as Report;
    assert.equal(estate.servers.length, servers + 1);
    const states = groupedByState(estate);
    assert.deepEqual([states.get('healthy')?.length, states.get('attention')?.length, states.get('unreachable')?.length], [servers - 1, 1, 1]);
    assert.deepEqual(new Set(estate.servers.map(({ name }) => name)), new Set([...entries.map(({ name }) => name), 'gone']));
    assert.match(states.get('unreachable')?.[0]?.error?.message ?? '', /gone/);

    let [running, most] = [0, 0];
    for (const sign of (await readFile(join(user.folder, 'calls'), 'utf8')).trim().split('\n')) most = Math.max(most, running += sign === '+' ? 1 : -1);
    assert.equal(running, 0);
    assert.ok(most > 1 && most <= forks, String(most));
  });
});

function groupedByState(estate: Report): ReadonlyMap<string, Report['servers']> {
  return new Map(['healthy', 'attention', 'unreachable'].map((state) => [state, estate.servers.filter((server) => server.state === state)]));
}
