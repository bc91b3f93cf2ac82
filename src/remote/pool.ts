import type { PeerInfo, PowerShellSession, PSValue } from '../session.ts';
import { textOf } from './clixml/values.ts';
import { RemoteError } from './error.ts';
import { remoteError } from './failure.ts';
import type { ByteChannel } from './outofproc/channel.ts';
import type { WaitLimits } from './outofproc/pump.ts';
import { defaultLimits, SilenceError } from './outofproc/pump.ts';
import { RunspaceSession } from './runspace.ts';

/** How a session is opened over a channel. */
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
  readonly limits?: Partial<WaitLimits>;
}

const defaultOpenTimeout = 30_000;
/** What PowerShell 7 was measured to take in one piece, in bytes. */
const bigFragment = 4 * 2 ** 20;

/** Only strings come back, and only language that every language mode allows comes before them. */
const whoAreYou = `
"$($PSVersionTable.PSVersion)"
"$($PSVersionTable.PSEdition)"
if ($env:COMPUTERNAME) { $env:COMPUTERNAME } else { try { [Environment]::MachineName } catch { '' } }
`;

/**
 * Opens a runspace pool over a channel and makes sure that Windows PowerShell 5.1 answers, since the ADSync module
 * needs it. On failure the channel is closed and exactly one RemoteError is thrown, within `openTimeout`.
 */
export async function openSession(channel: ByteChannel, options: OpenOptions): Promise<PowerShellSession> {
  const session = new RunspaceSession(channel, options.server, { ...defaultLimits, ...options.limits });
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
    await identify(session, options);
    return session;
  } catch (error) {
    session.fail(error);
    await channel.close(0);
    throw error instanceof RemoteError ? error : new Error('A session failed without a RemoteError.', { cause: error });
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', onAbort);
  }
}

async function identify(session: RunspaceSession, options: OpenOptions): Promise<void> {
  const values: PSValue[] = [];
  const pipeline = session.invoke(whoAreYou, { name: 'asking for the PowerShell version' });
  for await (const record of pipeline) if (record.stream === 'output') values.push(record.value);
  const { state, error } = await pipeline.result;
  const [psVersion, edition, computerName] = values.map((v) => textOf(v) ?? '');
  if (state !== 'completed' || psVersion === undefined || edition === undefined) {
    throw remoteError(options.server, 'bad-peer', 'PowerShell answered, but did not tell its version.', error?.message);
  }
  if (options.allowAnyPowerShell !== true && !(edition === 'Desktop' && psVersion.startsWith('5.1.'))) {
    const what = `PowerShell ${psVersion} (${edition === '' ? 'no edition' : edition})`;
    throw new RemoteError({
      reason: 'not-windows-powershell', server: options.server,
      message: `${what} answered, but Entra Connect can only be managed from Windows PowerShell 5.1.`,
      remedy: 'Let the connection start powershell.exe instead of pwsh.exe or the powershell subsystem.',
    });
  }
  const peer: PeerInfo = {
    psVersion, edition, computerName: computerName ?? '', protocolVersion: session.protocolVersion,
    transport: options.transport, encryption: options.encryption,
  };
  session.setPeer(peer, Number.parseInt(psVersion, 10) >= 7 ? bigFragment : session.smallFragment);
}
