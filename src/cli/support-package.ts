import { isAbsolute, join, resolve } from 'node:path';
import { plain } from '../connect/evidence.ts';
import { plansFor } from '../connect/plans.ts';
import { supportBounds, supportFiles, type SupportText } from '../events/support/support-files.ts';
import { Journals } from '../storage/journals.ts';
import { writeWhole } from '../storage/wholeFile.ts';
import { zipTexts } from '../storage/zipTexts.ts';
import { asCliError, CliError } from './cli-error.ts';
import { exitCodes } from './exit-codes.ts';
import type { CliPorts } from './io.ts';
import type { ReachedServer } from './reached-server.ts';
import { runHeadings } from './run-headings.ts';
import type { Secrets } from './secrets.ts';

/** What a support package is made of. */
export interface SupportOptions {
  readonly server: ReachedServer;
  readonly transport: string;
  readonly secrets: Secrets;
  /** The file that is written; it must not exist yet. */
  readonly file: string;
}

/**
 * Writes one .zip about a server for whoever helps, with the same parts as the editor's. Rejects with a CliError where the file cannot be
 * written, as ReachedServer does where the server cannot be reached, and with the signal's reason; no file is left then.
 */
export async function saveSupportPackage(ports: CliPorts, options: SupportOptions, signal: AbortSignal): Promise<void> {
  const { io } = ports;
  const { file, server } = options;
  const path = isAbsolute(file) ? file : resolve(io.folder, file);
  const names = new Set<string>();
  try {
    await writeWhole(path, zipTexts(parts(ports, options, names, signal)), 'wx');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (signal.aborted || typeof code !== 'string' || !/^E[A-Z]+$/.test(code)) throw error;
    throw new CliError(exitCodes.wrongCall, `${file} could not be written: ${(error as Error).message}.`, 'Name a file that does not exist yet, in a folder that you may write to.', { cause: error });
  }
  if (names.has('problems.txt')) io.err(`${server.name}: some of it could not be read; problems.txt in the package says what.\n`);
  io.err('Values that look like secrets were taken out; read it before you send it.\n');
  io.out(`${path}\n`);
}

async function* parts(ports: CliPorts, { server, transport, secrets }: SupportOptions, names: Set<string>, signal: AbortSignal): AsyncGenerator<SupportText, void, undefined> {
  const { peer } = await server.session(signal);
  const at = new Date(ports.clock.now()).toISOString();
  const journals = new Journals(join(ports.state, 'runs'));
  let told = '';
  const tell = (what: string): void => {
    if (what !== told) ports.io.err(`${server.name}: ${plain(what)}\n`);
    told = what;
  };
  tell('diagnosing');
  const texts = supportFiles({
    server: server.name, hide: (text) => secrets.hide(text), session: () => server.session(signal),
    facts: {
      'versions.json': { commandLine: ports.version, node: process.version, platform: `${process.platform} ${process.arch}`, at, server: server.name, transport, peer },
      'findings.json': await found(server, at, signal),
    },
    journals: (await runHeadings(journals, server.name, supportBounds.journals)).map(({ run }) => ({ run, lines: () => journals.read(run).catch(() => []) })),
    progress: (what, part) => { tell(what === 'events' ? `reading the log ${part}` : `reading the trace log ${part}`); },
  }, signal);
  for await (const text of texts) {
    names.add(text.file);
    yield text;
  }
}

/** What a diagnosis finds now; a server that cannot be diagnosed is one that needs help. */
async function found(server: ReachedServer, at: string, signal: AbortSignal): Promise<unknown> {
  try {
    const { snapshot, findings } = await server.diagnose(signal);
    return { read: true, at, findings, plans: plansFor(findings, snapshot).map(({ id }) => id), snapshot };
  } catch (error) {
    signal.throwIfAborted();
    return { read: false, at, problem: asCliError(error).message };
  }
}
