// The practice lab's WinRM listener.
import { bringProgram } from './dotnet.mjs';

/** Publishes lab/listener into .cache/listener when its sources changed. */
export async function bringListener() {
  await bringProgram('WinRM listener', 'listener', ['listener']);
}
