// What the first rows cost the server alone.
import type { LogSelection } from '../../../src/events/reading/log-selection.ts';
import { readEvents } from '../../../src/events/reading/read-events.ts';
import { startProcess } from '../../../src/remote/local/process.ts';
import { openOverChannel } from '../../../src/remote/outofproc/open.ts';

/** Milliseconds from the start of a server's PowerShell until it took commands, and until the first events were there. */
export interface OwnQuery {
  readonly opened: number;
  readonly events: number;
}

/** Starts a simulated server's PowerShell by its program and asks for events. */
export async function ownQuery(powershell: string, logs: readonly LogSelection[]): Promise<OwnQuery> {
  const start = performance.now();
  const channel = startProcess({ file: powershell, args: ['-NoLogo', '-NoProfile', '-s'] });
  const session = await openOverChannel(channel, { server: 'practice', transport: 'local process', encryption: undefined });
  const opened = performance.now() - start;
  try {
    for await (const reading of readEvents(session, logs)) if (reading.kind === 'batch' && reading.batch.recordId.length > 0) break;
    return { opened, events: performance.now() - start };
  } finally {
    await session[Symbol.asyncDispose]();
  }
}
