import type { PeerInfo, PSValue } from '../session.ts';
import { textOf } from './clixml/values.ts';
import { SilenceError } from './deadline.ts';
import { RemoteError } from './error.ts';
import { remoteError } from './failure.ts';
import { toldVersion } from './privateData.ts';
import { RunspaceSession } from './runspace.ts';
import type { PsrpTransport } from './transport.ts';

/** How a session is opened over a transport. */
export interface OpenOptions {
  /** How errors name the server. */
  readonly server: string;
  /** `PeerInfo.transport` and `PeerInfo.encryption`. */
  readonly transport: string;
  readonly encryption: string | undefined;
  /** Milliseconds for all of opening; default 30 seconds. */
  readonly openTimeout?: number;
  /** Cancels the opening, nothing later. */
  readonly signal?: AbortSignal;
  /** Accepts any PowerShell: for tests against an engine. */
  readonly allowAnyPowerShell?: boolean;
  /** The id of a pool that another client left on the server; absent: a new one is opened. */
  readonly left?: string;
}

const defaultOpenTimeout = 30_000;

/** Only strings come back, and only language that every language mode allows comes before them. */
const whoAreYou = `
"$($PSVersionTable.PSVersion)"
"$($PSVersionTable.PSEdition)"
if ($env:COMPUTERNAME) { $env:COMPUTERNAME } else { try { [Environment]::MachineName } catch { '' } }
`;

/**
 * Opens a runspace pool over a transport and makes sure that Windows PowerShell 5.1 answers, since the ADSync module
 * needs it. On failure the transport is shut and exactly one RemoteError is thrown, within `openTimeout`.
 */
export async function openSession(transport: PsrpTransport, options: OpenOptions): Promise<RunspaceSession> {
  const session = new RunspaceSession(transport, options.server, options.left);
  const limit = options.openTimeout ?? defaultOpenTimeout;
  const timer = setTimeout(() => {
    session.fail(new SilenceError('an open PowerShell session', limit));
  }, limit);
  const onAbort = (): void => {
    session.fail(remoteError(options.server, 'cancelled', 'Opening the session was cancelled.'));
  };
  options.signal?.addEventListener('abort', onAbort, { once: true });
  try {
    if (options.signal?.aborted === true) onAbort();
    await session.open();
    await identify(session, transport, options);
    return session;
  } catch (error) {
    session.fail(error);
    await transport.shut(0);
    throw error instanceof RemoteError ? error : new Error('A session failed without a RemoteError.', { cause: error });
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', onAbort);
  }
}

async function identify(session: RunspaceSession, transport: PsrpTransport, options: OpenOptions): Promise<void> {
  const told = transport.trustsPrivateData ? toldVersion(session.applicationPrivateData) : undefined;
  const { psVersion, edition, computerName } = told === undefined ? await ask(session, options) : { ...told, computerName: '' };
  if (options.allowAnyPowerShell !== true && !(edition === 'Desktop' && psVersion.startsWith('5.1.'))) {
    const what = `PowerShell ${psVersion} (${edition === '' ? 'no edition' : edition})`;
    throw new RemoteError({
      reason: 'not-windows-powershell', server: options.server,
      message: `${what} answered, but Entra Connect can only be managed from Windows PowerShell 5.1.`,
      remedy: 'Let the connection start powershell.exe instead of pwsh.exe or the powershell subsystem.',
    });
  }
  const { facts } = transport;
  const peer: PeerInfo = {
    psVersion, edition, computerName, protocolVersion: session.protocolVersion,
    transport: options.transport, encryption: facts?.encryption ?? options.encryption,
  };
  session.setPeer(facts === undefined ? peer : { ...peer, authentication: facts.authentication });
}

async function ask(session: RunspaceSession, options: OpenOptions): Promise<{ psVersion: string; edition: string; computerName: string }> {
  const values: PSValue[] = [];
  const pipeline = session.invoke(whoAreYou, { name: 'asking for the PowerShell version' });
  for await (const record of pipeline) if (record.stream === 'output') values.push(record.value);
  const { state, error } = await pipeline.result;
  const [psVersion, edition, computerName] = values.map((v) => textOf(v) ?? '');
  if (state !== 'completed' || psVersion === undefined || edition === undefined) {
    throw remoteError(options.server, 'bad-peer', 'PowerShell answered, but did not tell its version.', error?.message);
  }
  return { psVersion, edition, computerName: computerName ?? '' };
}
