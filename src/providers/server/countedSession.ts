import type { InvokeOptions, Pipeline, PowerShellSession } from '../../session.ts';

/** The same session, and how many of its pipelines have not come to their end. */
export interface CountedSession extends PowerShellSession {
  /** A pipeline that the end of the connection cut off still counts. */
  readonly running: number;
}

/** Counts what runs in a session: whether its end interrupted anything is known only so. */
export function countedSession(session: PowerShellSession): CountedSession {
  let running = 0;
  return {
    get running() { return running; },
    get peer() { return session.peer; },
    get capabilities() { return session.capabilities; },
    get alive() { return session.alive; },
    get closed() { return session.closed; },
    get disconnection() { return session.disconnection; },
    invoke: (script: string, options?: InvokeOptions): Pipeline => {
      const pipeline = session.invoke(script, options);
      running++;
      pipeline.result.then(() => { running--; }, () => undefined);
      return pipeline;
    },
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}

/** Whether a session that may be dead still answers, asked with the least there is. Never rejects. */
export async function answers(session: PowerShellSession, milliseconds: number): Promise<boolean> {
  try {
    const pipeline = session.invoke('', { name: 'asking whether the server is still there', silenceLimit: milliseconds });
    const silence = new Promise<false>((resolve) => { setTimeout(() => { resolve(false); }, milliseconds).unref(); });
    const end = pipeline.result.then(() => true, () => false);
    void drain(pipeline);
    return await Promise.race([end, silence]);
  } catch {
    return false;
  }
}

async function drain(pipeline: Pipeline): Promise<void> {
  try {
    for await (const record of pipeline) if (record.stream === 'error') return;
  } catch {
    // The result says it.
  }
}
