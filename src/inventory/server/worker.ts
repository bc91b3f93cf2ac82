import { parentPort } from 'node:worker_threads';
import { parseServersFile } from '../parse.ts';
import type { AnalysisAnswer, AnalysisRequest } from './workerAnalyser.ts';

// Entry of the thread that reads servers files: text in, what it holds and what is wrong out.
parentPort?.on('message', ({ id, text, home }: AnalysisRequest) => {
  parentPort?.postMessage({ id, file: parseServersFile(text, { home }) } satisfies AnalysisAnswer);
});
