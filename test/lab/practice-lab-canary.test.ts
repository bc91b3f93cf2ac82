import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { PowerShellSession, SessionProgram } from '../../src/session.ts';
import { connectTo, openShippedLab, pwsh } from './support/practice-server.ts';

const canary = 'CANARY-of-the-real-machine';

/** What a place gives away, or does, when it is reached. */
interface Probe {
  readonly script: string;
  /** Reached where it holds; absent: where the canary is in what came. */
  readonly hit?: () => boolean | Promise<boolean>;
}

/** The real machine, with something planted in each place where a session could reach it. */
class PlantedMachine implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'real-machine-'));
  readonly #server: Server = createServer((_request, response) => { response.setHeader('content-type', 'text/plain'); response.end(canary); });
  readonly #children: ChildProcess[] = [];

  async plant(): Promise<void> {
    for (const folder of ['bin', 'modules/CimCmdlets', 'modules/Canary']) mkdirSync(join(this.folder, folder), { recursive: true });
    writeFileSync(this.at('canary.txt'), canary);
    writeFileSync(this.at('canary.ps1'), `'${canary}'`);
    // Under the name of the module that Windows' CIM commands come from, and under one that a script asks for.
    writeFileSync(this.at('modules/CimCmdlets/CimCmdlets.psm1'), `function Get-CimInstance { '${canary}' }`);
    writeFileSync(this.at('modules/Canary/Canary.psm1'), `function Get-Canary { '${canary}' }; [IO.File]::AppendAllText('${this.at('loaded')}', 'x')`);
    for (const name of ['icacls.exe', 'miiskmu.exe', 'schtasks', 'nltest.exe']) {
      writeFileSync(this.at(`bin/${name}`), `#!/bin/sh\necho ${canary}\n`);
      chmodSync(this.at(`bin/${name}`), 0o755);
    }
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  at(path: string): string { return join(this.folder, path); }

  /** What a session of this machine would be started with. */
  env(): Record<string, string> {
    return { PATH: `${this.at('bin')}:${process.env['PATH'] ?? ''}`, PSModulePath: this.at('modules'), TMPDIR: this.folder };
  }

  /** A program of the real machine that runs. */
  program(): ChildProcess {
    const child = spawn('sleep', ['300'], { stdio: 'ignore' });
    this.#children.push(child);
    return child;
  }

  probes(): Readonly<Record<string, Probe>> {
    const at = (path: string): string => `'${this.at(path)}'`;
    const written = (name: string, script: string): Probe => ({ script: `${script} ${at(name)}`, hit: () => existsSync(this.at(name)) });
    const { port } = this.#server.address() as AddressInfo;
    const [stopped, listed] = [this.program(), this.program()];
    writeFileSync(this.at('removed'), '');
    return {
      'a file read': { script: `Get-Content -LiteralPath ${at('canary.txt')}` },
      'a file read by its drive': { script: '${Temp:canary.txt}' },
      'a folder listed': { script: `(Get-ChildItem -LiteralPath ${at('modules')}).Name` },
      'a file written': written('written', 'Set-Content -Value x -LiteralPath'),
      'a file made': written('made', 'New-Item -ItemType File -Path'),
      'a file redirected to': written('redirected', '\'x\' >'),
      'a file teed to': written('teed', '\'x\' | Tee-Object -FilePath'),
      'a file removed': { script: `Remove-Item -LiteralPath ${at('removed')}`, hit: () => !existsSync(this.at('removed')) },
      'a script run': { script: `& ${at('canary.ps1')}` },
      'a script dot-sourced': { script: `. ${at('canary.ps1')}` },
      'a program by name': { script: 'icacls.exe C:\\' },
      'a program by another name': { script: 'schtasks' },
      'a program by its path': { script: `& ${at('bin/miiskmu.exe')}` },
      'a program by what Get-Command finds': { script: `& (Get-Command ${at('bin/nltest.exe')})` },
      'a module by name': { script: 'Import-Module Canary; Get-Canary' },
      'a module by its path': { script: `Microsoft.PowerShell.Core\\Import-Module ${at('modules/Canary')}; Get-Canary` },
      'a module that loads itself': { script: 'Get-Canary' },
      'a module under a real one\'s name': { script: 'Get-CimInstance -ClassName Win32_Service' },
      'a job': { script: `Start-Job { Get-Content ${at('canary.txt')} } | Wait-Job | Receive-Job` },
      'a thread job': { script: `Start-ThreadJob { '${canary}' } | Wait-Job | Receive-Job` },
      'a process ended': { script: `Stop-Process -Id ${stopped.pid}`, hit: () => ends(stopped) },
      'a process listed': { script: `if (Get-Process -Id ${listed.pid} -ErrorAction SilentlyContinue) { '${canary}' }` },
      'a program started': { script: `Start-Process /bin/sh -ArgumentList '-c', '"touch ${this.at('started')}"' -Wait`, hit: () => existsSync(this.at('started')) },
      'the network': { script: `(Invoke-WebRequest -UseBasicParsing http://127.0.0.1:${port}/).Content` },
      'code compiled': { script: `Add-Type 'public static class Reached { public static string Say() { return "${canary}"; } }'; [Reached]::Say()` },
      'an environment variable': { script: '$env:ENTRA_TEST_CANARY' },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#children) child.kill('SIGKILL');
    this.#server.closeAllConnections();
    await new Promise((resolve) => { this.#server.close(resolve); });
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Whether a process ends: a busy machine takes a moment to end one that was told to. */
async function ends(child: ChildProcess): Promise<boolean> {
  for (let n = 0; n < 40; n++) {
    if (child.signalCode !== null || child.exitCode !== null || isZombie(child.pid!)) return true;
    await wait(50);
  }
  return false;
}

function isZombie(pid: number): boolean {
  try {
    return /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return true;
  }
}

/** The places that a session reached, and what it said about the others. */
async function reached(session: PowerShellSession, probes: Readonly<Record<string, Probe>>): Promise<{ readonly places: readonly string[]; readonly said: string }> {
  const places: string[] = [];
  const said: string[] = [];
  for (const [name, { script, hit }] of Object.entries(probes)) {
    const texts: string[] = [];
    const pipeline = session.invoke(script);
    // What an error quotes is the script, not what it reached.
    for await (const record of pipeline) if (record.stream === 'output') texts.push(JSON.stringify(record.value, (_key, value: unknown) => typeof value === 'bigint' ? String(value) : value));
    const { state } = await pipeline.result;
    said.push(`${name}: ${state} ${texts.join(' ')}`);
    if (texts.some((text) => text.includes(canary) || text.includes('CimCmdlets')) || await hit?.() === true) places.push(name);
  }
  return { places, said: said.join('\n') };
}

describe('The practice lab that ships reaches nothing of the real machine', function () {
  this.timeout(300_000);

  let lab: Awaited<ReturnType<typeof openShippedLab>>;

  before(async () => {
    process.env['ENTRA_TEST_CANARY'] = canary;
    lab = await openShippedLab(['healthy']);
  });
  after(async () => {
    delete process.env['ENTRA_TEST_CANARY'];
    await lab[Symbol.asyncDispose]();
  });

  it('reaches every planted place from a PowerShell that is not closed, and none from a practice server', async () => {
    const bare: SessionProgram = { file: pwsh, args: ['-NoLogo', '-NoProfile', '-s'] };
    {
      await using machine = new PlantedMachine();
      await machine.plant();
      const env = Object.fromEntries(Object.entries(process.env).filter((pair): pair is [string, string] => pair[1] !== undefined));
      await using connection = await connectTo({ ...bare, env: { ...env, ...machine.env() } }, 'bare', true);
      const probes = machine.probes();
      const { places, said } = await reached(await connection.openSession(), probes);
      assert.deepEqual(places, Object.keys(probes), said);
    }
    await using machine = new PlantedMachine();
    await machine.plant();
    const program = lab.program('healthy');
    await using connection = await connectTo({ ...program, env: { ...program.env, ...machine.env() } }, 'healthy');
    const { places, said } = await reached(await connection.openSession(), machine.probes());
    assert.deepEqual(places, [], said);
    assert.equal(existsSync(machine.at('loaded')), false, 'a module of the machine was loaded');
  });

  it('opens no session where the simulation is not whole, or no server is named', async () => {
    const program = lab.program('healthy');
    const refused = async (changed: SessionProgram): Promise<string> => {
      await using connection = await connectTo(changed, 'healthy');
      try {
        await (await connection.openSession())[Symbol.asyncDispose]();
      } catch (error) {
        return JSON.stringify((error as { failure?: unknown }).failure);
      }
      return 'opened';
    };
    assert.match(await refused({ ...program, env: { ...program.env, ENTRA_LAB_SERVER: '' } }), /no simulated server was named/);
    const module = join(lab.folder, 'simulation', 'simulation.psm1');
    const text = readFileSync(module, 'utf8');
    writeFileSync(module, `${text.slice(0, text.indexOf('Export-ModuleMember'))}Export-ModuleMember -Function @()`);
    assert.match(await refused(program), /exports nothing/);
  });

  it('is asked by no script of the extension for what a session cannot refuse: .NET, switch -File and using module', () => {
    const scripts = readdirSync(join(process.cwd(), 'src'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ps1'));
    assert.ok(scripts.length > 30);
    for (const file of scripts) {
      const text = readFileSync(join(process.cwd(), 'src', file), 'utf8');
      assert.doesNotMatch(text, /\bswitch\b[^{\n]*-f\w*|\[(System\.)?(IO|Net|Diagnostics|Reflection|Environment|AppDomain|Activator)[.\]]|\[Microsoft\.|GetType\(|\[type\]|Add-Type|^\s*using\s/im, file);
    }
  });
});
