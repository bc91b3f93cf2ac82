import { runLabScript, type EngineRun } from './engine.ts';
import type { LabLayout } from './layout.ts';

/**
 * What a person does in Synchronization Service Manager on a simulated server's own screen: enters the password of one connector.
 * A process of its own, as the person is. The password goes by standard input only.
 */
export async function enterConnectorPassword(
  lab: LabLayout,
  directory: string,
  connector: string,
  password: string,
  signal?: AbortSignal,
): Promise<EngineRun> {
  return await runLabScript(
    lab, 'person.ps1', ['-Directory', directory, '-Action', 'enter-connector-password', '-Connector', connector], password, { ...(signal && { signal }) },
  );
}

/** What a person does in Event Viewer on a simulated server's own screen: empties a log. */
export async function clearLog(lab: LabLayout, directory: string, log: string): Promise<EngineRun> {
  return await runLabScript(lab, 'person.ps1', ['-Directory', directory, '-Action', 'clear-log', '-Log', log], '');
}
