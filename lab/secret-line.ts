import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

/** Longest secret that is read, in characters. */
const limit = 1024;

/** Reads one line from standard input: asked for and not shown at a terminal, silently from a pipe. Its line end is no part of it. */
export async function readSecretLine(question: string): Promise<string> {
  const terminal = process.stdin.isTTY;
  if (terminal) process.stderr.write(question);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => { done(); } });
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal });
  try {
    return await new Promise<string>((resolve, reject) => {
      lines.once('line', (line) => { resolve(line.slice(0, limit)); });
      lines.once('close', () => { resolve(''); });
      lines.once('SIGINT', () => { reject(new Error('Interrupted.')); });
    });
  } finally {
    lines.close();
    if (terminal) process.stderr.write('\n');
  }
}
