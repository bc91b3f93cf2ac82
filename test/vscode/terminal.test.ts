import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { ServerTerminal } from '../../src/providers/terminal/serverTerminal.ts';
import { eventually } from './support/eventually.ts';

describe('terminal of a server', () => {
  let interrupts: number;
  let terminal: ServerTerminal;
  const terminals = (): readonly vscode.Terminal[] => vscode.window.terminals.filter((one) => one.name.startsWith('AADC-TERMINAL'));

  beforeEach(() => {
    interrupts = 0;
    terminal = new ServerTerminal('AADC-TERMINAL', () => { interrupts++; });
  });
  afterEach(async () => {
    terminal.dispose();
    await eventually('the terminal to go', () => terminals().length === 0);
  });

  it('streams a line as it arrives, in the colour of its stream', async () => {
    const written: string[] = [];
    terminal.onDidWrite((text) => written.push(text));
    terminal.open({ columns: 80, rows: 24 });
    terminal.screen.record({ stream: 'warning', value: 'The service did not start.' });
    await eventually('the line', () => written.join('').includes('\u001b[33mWARNING: The service did not start.\u001b[0m\r\n'));
  });

  it('is one terminal however often it is shown, and does not take the focus', async () => {
    const before = vscode.window.activeTextEditor;
    terminal.show();
    terminal.show();
    await eventually('the terminal', () => terminals().length === 1);
    assert.equal(terminals().length, 1);
    assert.equal(vscode.window.activeTextEditor, before);
  });

  it('shows what it said before it was opened, and again after it was closed', async () => {
    const written: string[] = [];
    terminal.onDidWrite((text) => written.push(text));
    terminal.note('before');
    terminal.open(undefined);
    await eventually('what was said before', () => written.join('').includes('before'));
    assert.equal(written.join('').split('before').length, 2, 'said twice');
    terminal.close();
    terminal.note('meanwhile');
    written.length = 0;
    terminal.open(undefined);
    await eventually('everything', () => /before[^]*meanwhile/.test(written.join('')));
  });

  it('takes Ctrl+C and nothing else', () => {
    terminal.handleInput('Remove-Item *\r');
    assert.equal(interrupts, 0);
    terminal.handleInput('\u0003');
    assert.equal(interrupts, 1);
  });

  it('writes many records in few batches', async () => {
    let writes = 0;
    let size = 0;
    terminal.onDidWrite((text) => { writes++; size += text.length; });
    terminal.open({ columns: 80, rows: 24 });
    for (let n = 0; n < 5000; n++) terminal.screen.record({ stream: 'verbose', value: `line ${n}` });
    await eventually('all lines', () => terminal.transcript.text().includes('line 4999') && size > 5000 * 15);
    assert.ok(writes < 50, `${writes} writes`);
  });
});
