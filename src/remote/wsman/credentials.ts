import { readFile, stat } from 'node:fs/promises';
import { RemoteError } from '../error.ts';
import type { SessionTarget } from '../../session.ts';

/** The files that a target names, read. */
export interface TargetFiles {
  readonly ca: Buffer | undefined;
  readonly certificate: Buffer | undefined;
  readonly key: Buffer | undefined;
}

/** Largest certificate or key file that is read, in bytes. */
const largestFile = 1024 * 1024;

/** Reads a target's certificate files. @throws RemoteError that names the file */
export async function readTargetFiles(server: string, target: SessionTarget): Promise<TargetFiles> {
  const winrm = target.winrm;
  const wanted = winrm?.auth === 'certificate';
  if (wanted && (winrm.certificateFile === undefined || winrm.keyFile === undefined)) {
    throw new RemoteError({ reason: 'unsupported', server, message: 'Authenticating by a client certificate needs the certificate and its key.', remedy: 'Add certificateFile and keyFile to the entry.' });
  }
  return {
    ca: await readPem(server, winrm?.caFile, 'certificate authorities (caFile)'),
    certificate: wanted ? await readPem(server, winrm.certificateFile, 'the client certificate (certificateFile)') : undefined,
    key: wanted ? await readPem(server, winrm.keyFile, 'the client certificate\'s key (keyFile)') : undefined,
  };
}

async function readPem(server: string, file: string | undefined, what: string): Promise<Buffer | undefined> {
  if (file === undefined) return undefined;
  try {
    const { size } = await stat(file);
    if (size > largestFile) throw new Error(`it has ${size} bytes`);
    const bytes = await readFile(file);
    if (!bytes.includes('-----BEGIN ')) throw new Error('it is not PEM');
    return bytes;
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? (error instanceof Error ? error.message : String(error));
    throw new RemoteError({ reason: 'unsupported', server, message: `The file of ${what} cannot be used: ${file} (${why}).`, remedy: 'Correct the path in the entry, or make the file readable.' }, { cause: error });
  }
}
