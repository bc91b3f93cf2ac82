import { access } from 'node:fs/promises';
import { homedir } from 'node:os';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { LanguageServer } from './languageServer.ts';
import { WorkerAnalyser } from './workerAnalyser.ts';

// Entry of the language server's process; the client starts it and talks over Node's own channel.
const connection = createConnection(ProposedFeatures.all);
new LanguageServer(connection, {
  analyser: new WorkerAnalyser(new URL('./languageWorker.js', import.meta.url), homedir()),
  exists: async (path) => await access(path).then(() => true, () => false),
});
connection.listen();
