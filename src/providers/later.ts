import type { later } from './loadedLater.ts';

/** Loads what activation does without, so that it stays small. */
export async function loadLater(): Promise<typeof later> {
  return (await import('./loadedLater.ts')).later;
}
