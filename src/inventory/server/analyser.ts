import type { ServersFile } from '../parse.ts';

/** Reads a servers file completely. It may take long for thousands of servers, so it runs beside the answers to keystrokes. */
export interface Analyser {
  analyse(text: string): Promise<ServersFile>;
  dispose(): void;
}
