import { writeSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { PlainSecret } from '../../../src/remote/clixml/values.ts';
import { openWinRm } from '../../../src/remote/wsman/connection.ts';

/** A client process of its own: starts a script, leaves the session after some of its output, and dies without another word. */
interface Job { readonly port: number; readonly user: string; readonly password: string; readonly script: string; readonly records: number }

const job = JSON.parse(await text(process.stdin)) as Job;
const never = (): Promise<never> => Promise.reject(new Error('Nobody is there to be asked.'));
const connection = await openWinRm({
  server: 'SYNC02 (another process)', signal: new AbortController().signal, allowAnyPowerShell: true,
  pins: { find: () => Promise.resolve([]), add: never, forget: never },
  target: {
    name: 'SYNC02', host: '127.0.0.1', transport: 'winrm', identityFile: undefined, port: job.port, user: job.user,
    winrm: { scheme: 'http', auth: 'ntlm', caFile: undefined, certificateFile: undefined, keyFile: undefined },
  },
  prompts: { trustHostKey: never, trustCertificate: never, passphrase: never, password: () => Promise.resolve(new PlainSecret(job.password)) },
});
const session = await connection.openSession();
const seen: unknown[] = [];
for await (const record of session.invoke(job.script, { scope: 'runspace' })) {
  seen.push(record.value);
  if (seen.length < job.records) continue;
  await session.disconnection?.disconnect();
  break;
}
writeSync(1, `${JSON.stringify({ id: session.disconnection?.id, seen })}\n`);
process.kill(process.pid, 'SIGKILL');
