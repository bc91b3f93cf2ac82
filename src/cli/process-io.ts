import { once } from 'node:events';
import { signalCodes, type Interruption } from './exit-codes.ts';
import type { CliIo } from './io.ts';
import { Terminal } from './terminal.ts';

/** Longest standard input that is read, in characters. */
const longestInput = 4096;

/**
 * This process as the command line sees it. Whoever read the output may go at any time: what runs is still brought to its end, and
 * what is written from then on is lost. `listeners` hear of Ctrl+C; while there is none, it ends the process as usual.
 */
export function processIo(of: NodeJS.Process, listeners: Set<(signal: Interruption) => void>, home: string): CliIo {
  const unread = new AbortController();
  of.stdout.on('error', () => { unread.abort(new DOMException('Nobody reads the output.', 'AbortError')); });
  of.stderr.on('error', () => undefined);
  const interrupted = (signal: Interruption): void => {
    if (listeners.size === 0) of.exit(signalCodes[signal]);
    for (const listener of [...listeners]) listener(signal);
  };
  for (const signal of Object.keys(signalCodes) as Interruption[]) of.on(signal, () => { interrupted(signal); });
  const someone = of.stdin.isTTY && of.stderr.isTTY;
  return {
    out: (text) => { of.stdout.write(text); },
    err: (text) => { of.stderr.write(text); },
    terminal: someone ? new Terminal(of.stdin, of.stderr, () => { interrupted('SIGINT'); }) : undefined,
    readInput: async () => {
      let text = '';
      for await (const chunk of of.stdin.setEncoding('utf8')) {
        text += String(chunk);
        if (text.length > longestInput) break;
      }
      return text.slice(0, longestInput);
    },
    unread: unread.signal,
    drained: async () => {
      if (!of.stdout.writableNeedDrain || unread.signal.aborted) return;
      // An output that broke while it was full never drains.
      await once(of.stdout, 'drain', { signal: unread.signal }).catch(() => undefined);
    },
    environment: of.env, folder: of.cwd(), home,
    onInterruption: (listener) => {
      listeners.add(listener);
      return () => { listeners.delete(listener); };
    },
  };
}
