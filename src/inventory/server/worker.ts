import type { MessagePort } from 'node:worker_threads';
import { parseServersFile } from '../parse.ts';
import type { AnalysisAnswer, AnalysisRequest } from './workerAnalyser.ts';

/** What the thread does that reads servers files: text in, what it holds and what is wrong out. */
export function readForever(port: MessagePort): void {
  port.on('message', ({ id, text, home }: AnalysisRequest) => {
    port.postMessage({ id, file: parseServersFile(text, { home }) } satisfies AnalysisAnswer);
  });
}
