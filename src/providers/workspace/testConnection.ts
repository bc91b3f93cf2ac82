import type { Connect, SessionTarget } from '../../session.ts';
import type { EditorConnectPrompts } from '../person/connectPrompts.ts';
import { reasonOf } from '../server/problem.ts';

/**
 * Connects to a server, opens a session and lets go of both: only a session proves that the server can be worked with.
 * Rejects with what went wrong; a password that was refused is not used again.
 */
export async function testConnection(connect: Connect, target: SessionTarget, prompts: EditorConnectPrompts, signal: AbortSignal): Promise<{ readonly psVersion: string }> {
  try {
    await using connection = await connect(target, prompts, signal);
    await using session = await connection.openSession(signal);
    void prompts.connected();
    return { psVersion: session.peer.psVersion };
  } catch (error) {
    await prompts.failed(reasonOf(error) === 'authentication-failed');
    throw error;
  }
}
