import { Worker } from 'node:worker_threads';
import type { ServersFile } from '../parse.ts';
import type { Analyser } from './analyser.ts';

/** What the worker is asked. */
export interface AnalysisRequest {
  readonly id: number;
  readonly text: string;
  readonly home: string;
}

/** What it answers. */
export interface AnalysisAnswer {
  readonly id: number;
  readonly file: ServersFile;
}

/** Most memory that reading a file may take, in MiB; the bounds on size and nesting keep far below it. */
const memory = 1024;

/**
 * Reads files in a thread of its own, started at the first one. Where the thread dies, whoever waits is told and the next file gets
 * a new thread.
 */
export class WorkerAnalyser implements Analyser {
  readonly #url: URL;
  readonly #home: string;
  readonly #waiting = new Map<number, { resolve: (file: ServersFile) => void; reject: (error: Error) => void }>();
  #worker: Worker | undefined;
  #id = 0;

  /** @param url of a module that calls readForever in a thread */
  constructor(url: URL, home: string) {
    this.#url = url;
    this.#home = home;
  }

  async analyse(text: string): Promise<ServersFile> {
    const worker = this.#worker ??= this.#start();
    this.#id += 1;
    const request: AnalysisRequest = { id: this.#id, text, home: this.#home };
    return await new Promise((resolve, reject) => {
      this.#waiting.set(request.id, { resolve, reject });
      worker.postMessage(request);
    });
  }

  dispose(): void {
    void this.#worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(this.#url, { resourceLimits: { maxOldGenerationSizeMb: memory } });
    // The process ends with its connection, whatever is being read.
    worker.unref();
    worker.on('message', ({ id, file }: AnalysisAnswer) => {
      this.#waiting.get(id)?.resolve(file);
      this.#waiting.delete(id);
    });
    const died = (error: Error): void => {
      if (this.#worker === worker) this.#worker = undefined;
      for (const { reject } of this.#waiting.values()) reject(error);
      this.#waiting.clear();
    };
    worker.on('error', died);
    worker.on('exit', (code) => { died(new Error(`The thread that reads servers files ended with code ${code}.`)); });
    return worker;
  }
}
