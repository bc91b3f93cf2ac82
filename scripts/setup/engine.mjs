// The practice lab's engine host: a real PowerShell engine.
import { bringProgram } from './dotnet.mjs';

/** Publishes lab/engine into .cache/engine when its sources changed. */
export async function bringEngine() {
  await bringProgram('engine host', 'engine', ['engine', 'standard']);
}
