// How long a keystroke in a servers file of 5,000 servers takes to be answered while the file is being read, beside a file of one server.
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { createProtocolConnection, IPCMessageReader, IPCMessageWriter, type ProtocolConnection } from 'vscode-languageserver/node';
import { root } from '../../scripts/vscode/root.mjs';
import { median, type Bench } from './figure.ts';

const uri = 'file:///estate.connect.yaml';
const estate = (servers: number): string => `version: 1\ndefaults:\n  transport: ssh\n  user: CONTOSO\\me\nservers:\n${Array.from({ length: servers }, (_, at) => `  - name: S${at}\n    host: s${at}.contoso.example\n    role: active\n`).join('')}`;

/** Types one letter after another at the file's end, asking for completions after each; milliseconds of each answer. */
async function typing(client: ProtocolConnection, text: string): Promise<number[]> {
  await client.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'entra-connect-servers', version: 1, text } });
  const line = text.split('\n').length - 1;
  const times: number[] = [];
  for (const [at, letter] of Array.from('    identityFile: ~/.ssh/id').entries()) {
    const started = performance.now();
    await client.sendNotification('textDocument/didChange', { textDocument: { uri, version: at + 2 }, contentChanges: [{ range: { start: { line, character: at }, end: { line, character: at } }, text: letter }] });
    await client.sendRequest('textDocument/completion', { textDocument: { uri }, position: { line, character: at + 1 } });
    times.push(performance.now() - started);
  }
  await client.sendNotification('textDocument/didClose', { textDocument: { uri } });
  return times;
}

/** The median and the worst keystroke of the packed server. */
export const run: Bench = async () => {
  const child = fork(join(root, 'dist', 'languageServer.js'), ['--node-ipc'], { execArgv: [] });
  try {
    const client = createProtocolConnection(new IPCMessageReader(child), new IPCMessageWriter(child));
    client.listen();
    await client.sendRequest('initialize', { processId: process.pid, rootUri: null, capabilities: {} });
    await client.sendNotification('initialized', {});
    await typing(client, estate(1));
    const [small, large] = [await typing(client, estate(1)), await typing(client, estate(5000))];
    return [
      { name: 'keystroke in a file of 5,000 servers', value: median(large), unit: 'ms', beside: `${median(small).toFixed(2)} ms in a file of one server`, ratio: median(large) / median(small) },
      { name: 'slowest keystroke of 27 there', value: Math.max(...large), unit: 'ms', beside: `${Math.max(...small).toFixed(2)} ms in a file of one server` },
    ];
  } finally {
    child.kill();
  }
};
