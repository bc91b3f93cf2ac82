import { join } from 'node:path';
import { run } from '../simulated-server.ts';
import type { ListenerServer, TestListener } from '../test-listener.ts';

/** What an independent client got from the listener. */
export interface Judged {
  readonly status?: number;
  readonly stdout?: string;
  readonly stderr?: string;
  /** The kind of its error, and its own words. */
  readonly error?: string;
  readonly message?: string;
}

const folder = join(process.cwd(), 'test', 'lab', 'support', 'judges');
const goJudge = join(process.cwd(), '.cache', 'judges', 'go-judge');

/** Runs a job through pywinrm, as Debian packages it. */
export async function pywinrm(job: Readonly<Record<string, unknown>>, environment: NodeJS.ProcessEnv = {}): Promise<Judged> {
  return await judge('/usr/bin/python3', [join(folder, 'pywinrm_judge.py')], job, { OPENSSL_CONF: join(folder, 'legacy-openssl.cnf'), ...environment });
}

/** Runs a job through Go's masterzen/winrm. */
export async function goWinrm(job: Readonly<Record<string, unknown>>): Promise<Judged> {
  return await judge(goJudge, [], job, {});
}

/** Seals and unseals with MIT Kerberos' own gss_wrap_iov and gss_unwrap_iov: pywinrm as Debian packages it cannot over plain HTTP. */
export async function mitKerberos(job: Readonly<Record<string, unknown>>, environment: NodeJS.ProcessEnv): Promise<Judged> {
  return await judge('/usr/bin/python3', [join(folder, 'kerberos_judge.py')], job, environment);
}

/** Where and as whom pywinrm signs in. */
export function httpJob(server: ListenerServer, listener: TestListener, user: keyof TestListener['passwords'] = 'labadmin'): Record<string, unknown> {
  return { url: `http://localhost:${server.httpPort}/wsman`, user: `CONTOSO\\${user}`, password: listener.passwords[user] };
}

export function httpsJob(server: ListenerServer, listener: TestListener): Record<string, unknown> {
  return { ...httpJob(server, listener), url: `https://localhost:${server.httpsPort}/wsman`, options: { ca_trust_path: server.caFile } };
}

export function goJob(server: ListenerServer, listener: TestListener): Record<string, unknown> {
  return { host: 'localhost', port: server.httpsPort, user: 'CONTOSO\\labadmin', password: listener.passwords.labadmin, ca: server.caFile };
}

async function judge(program: string, words: readonly string[], job: unknown, environment: NodeJS.ProcessEnv): Promise<Judged> {
  const ran = await run(program, words, JSON.stringify(job), environment);
  if (ran.stdout === '') throw new Error(`${program} ended with ${String(ran.code)}: ${ran.stderr}`);
  return JSON.parse(ran.stdout) as Judged;
}
