// What the first rows cost the server alone.
import { repairLogs } from '../../../src/events/presets.ts';
import { readEvents } from '../../../src/events/reading/read-events.ts';
import { startProcess } from '../../../src/remote/local/process.ts';
import { openOverChannel } from '../../../src/remote/outofproc/open.ts';

/** Starts a simulated server's PowerShell by its program and asks for what the viewer shows first; milliseconds until the first events came. */
export async function firstQuery(powershell: string): Promise<number> {
  const start = performance.now();
  const channel = startProcess({ file: powershell, args: ['-NoLogo', '-NoProfile', '-s'] });
  const session = await openOverChannel(channel, { server: 'practice', transport: 'local process', encryption: undefined });
  try {
    for await (const reading of readEvents(session, repairLogs)) if (reading.kind === 'batch' && reading.batch.recordId.length > 0) break;
    return performance.now() - start;
  } finally {
    await session[Symbol.asyncDispose]();
  }
}
