import { randomUUID } from 'node:crypto';
import { ServerLock, type Holder } from '../../connect/lock.ts';
import { ServerLink } from '../../connect/server-link.ts';
import type { PowerShellSession } from '../../session.ts';
import { systemClock } from '../clock.ts';
import type { ServerOwner } from '../server/owner.ts';

/** Does work while this client holds the server's lock, over a session of its own. Rejects with Refused where a run holds it; then nothing was done. */
export async function whileLocked<T>(owner: Pick<ServerOwner, 'server' | 'extraSession'>, holder: Holder, work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  let session: PowerShellSession | undefined;
  const open = async (cancel?: AbortSignal): Promise<PowerShellSession> => {
    if (session?.alive !== true) session = await owner.extraSession(cancel);
    return session;
  };
  const { name, claims } = owner.server;
  const renew = async (cancel?: AbortSignal): Promise<PowerShellSession> => {
    const old = session;
    session = undefined;
    await old?.[Symbol.asyncDispose]();
    return await open(cancel);
  };
  const lock = new ServerLock(new ServerLink({ name, claims, session: open, renew }, systemClock, () => undefined), systemClock, holder, randomUUID(), randomUUID());
  try {
    await lock.acquire(signal);
    try {
      return await lock.whileKept(signal, work);
    } finally {
      await lock.release();
    }
  } finally {
    await session?.[Symbol.asyncDispose]();
  }
}
