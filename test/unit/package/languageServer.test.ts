import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createProtocolConnection, IPCMessageReader, IPCMessageWriter, type Diagnostic } from 'vscode-languageserver/node';
import { root } from '../../../scripts/vscode/root.mjs';

describe('the packed language server', () => {
  it('runs as a process of its own, reads in a thread of its own, and ends when it is told to', async () => {
    const child = fork(join(root, 'dist', 'languageServer.js'), ['--node-ipc', `--clientProcessId=${process.pid}`], { execArgv: [] });
    const ended = once(child, 'exit');
    try {
      const client = createProtocolConnection(new IPCMessageReader(child), new IPCMessageWriter(child));
      const published = new Promise<Diagnostic[]>((resolve) => { client.onNotification('textDocument/publishDiagnostics', ({ diagnostics }: { diagnostics: Diagnostic[] }) => { resolve(diagnostics); }); });
      client.listen();
      await client.sendRequest('initialize', { processId: process.pid, rootUri: null, capabilities: {} });
      await client.sendNotification('initialized', {});
      await client.sendNotification('textDocument/didOpen', { textDocument: { uri: 'file:///a.connect.yaml', languageId: 'entra-connect-servers', version: 1, text: 'version: 1\nservers:\n  - {name: A, host: a, user: u, transport: shh, identityFile: /nowhere/at/all}\n' } });
      assert.deepEqual((await published).map(({ code }) => code), ['bad-value', 'missing-file']);
      await client.sendRequest('shutdown');
      await client.sendNotification('exit');
      assert.deepEqual(await ended, [0, null]);
    } finally {
      child.kill();
    }
  }).timeout(30_000);
});
