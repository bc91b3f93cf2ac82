import { randomUUID } from 'node:crypto';
import { homedir, hostname, userInfo } from 'node:os';
import { systemClock } from './cli/clock.ts';
import type { Interruption } from './cli/exit-codes.ts';
import { main } from './cli/main.ts';
import { processIo } from './cli/process-io.ts';
import { proxyFromEnvironment } from './cli/proxy.ts';
import { stateFolder } from './storage/folder.ts';
import type { Connect } from './session.ts';

declare const __VERSION__: string;

const interruptions = new Set<(signal: Interruption) => void>();
const state = stateFolder();
let connecting: Promise<Connect> | undefined;

const code = await main({
  io: processIo(process, interruptions, homedir()),
  connect: () => connecting ??= import('./transports.ts').then(({ createTransports }) =>
    createTransports(state, proxyFromEnvironment(process.env)).connect(process.env['ENTRA_CONNECT_POWERSHELL'] ?? 'powershell.exe')),
  clock: systemClock, user: { who: userInfo().username, host: hostname() }, state, version: __VERSION__, newId: randomUUID,
}, process.argv.slice(2));
// A connection that is still closing must not hold the command back; what was printed must be out first.
process.stdout.write('', () => process.exit(code));
