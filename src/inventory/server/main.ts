import { access } from 'node:fs/promises';
import { homedir } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { LanguageServer } from './languageServer.ts';
import { readForever } from './worker.ts';
import { WorkerAnalyser } from './workerAnalyser.ts';

// Entry of the language server's process, which the client starts and talks to over Node's own channel; and of its reading thread.
if (parentPort === null) {
  const connection = createConnection(ProposedFeatures.all);
  new LanguageServer(connection, {
    analyser: new WorkerAnalyser(new URL(import.meta.url), homedir()),
    exists: async (path) => await access(path).then(() => true, () => false),
  });
  connection.listen();
} else {
  readForever(parentPort);
}
