import type { PowerShellSession, PSValue } from '../../session.ts';
import { EventReadFailed } from './errors.ts';

/** Longest silence of a script in milliseconds: a filter that few events meet lets the server look for long without a word. */
const silenceLimit = 600_000;

/** How a script that reads events is called. */
export interface ScriptCall {
  readonly script: string;
  readonly name: string;
  readonly parameters: Readonly<Record<string, PSValue>>;
  /** What is tried, for the error: "The event logs of SYNC1 could not be read". */
  readonly what: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The output values of a script, as they come and no faster than they are taken. Whoever stops iterating stops the pipeline.
 * Rejects with the signal's reason, the transport's own error after everything that had come, or EventReadFailed.
 */
export async function* runScript(session: PowerShellSession, call: ScriptCall): AsyncGenerator<PSValue, void, undefined> {
  const { signal } = call;
  signal?.throwIfAborted();
  const pipeline = session.invoke(call.script, { name: call.name, parameters: call.parameters, silenceLimit, ...(signal !== undefined && { signal }) });
  const ended = pipeline.result.then((value) => ({ value }), (error: unknown) => ({ error }));
  let whole = false;
  try {
    for await (const record of pipeline) {
      if (signal?.aborted === true) break;
      if (record.stream === 'output') yield record.value;
    }
    whole = signal?.aborted !== true;
  } catch (error) {
    whole = true;
    signal?.throwIfAborted();
    const end = await ended;
    throw 'error' in end ? end.error : error;
  } finally {
    // A connection that breaks now has nothing left to lose.
    if (!whole) await pipeline.stop().catch(() => undefined);
  }
  signal?.throwIfAborted();
  const end = await ended;
  if ('error' in end) throw end.error;
  if (end.value.state === 'failed') throw new EventReadFailed(call.what, end.value.error);
  if (end.value.state === 'stopped') throw new EventReadFailed(`${call.what}: the pipeline was stopped`, end.value.error);
}
