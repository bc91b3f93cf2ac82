import assert from 'node:assert/strict';
import { diagnosticsReport } from '../../../src/providers/outside/diagnosticsReport.ts';
import { Redaction } from '../../../src/providers/outside/redaction.ts';
import { initialState } from '../../../src/providers/server/state.ts';

const redaction = new Redaction([{ name: 'SYNC01', details: ['sync01.corp.example', 'CORP\\ann'] }], '/home/ann');

describe('diagnostics report', () => {
  const report = diagnosticsReport({
    versions: { 'Entra Connect Remediation': '1.2.3' },
    settings: { 'entraConnect.connectTimeout': 90, 'entraConnect.localPowerShell': '/home/ann/powershell.exe', 'entraConnect.unset': undefined },
    servers: [{ transport: 'ssh', role: 'active', auth: 'key', state: { ...initialState, connection: { kind: 'failed', problem: { message: 'SYNC01 (sync01.corp.example:22) refused CORP\\ann.', remedy: '' } } } }],
    log: ['info SYNC01: connecting', 'error \u001b[31m``` CORP\\ann'],
  }, redaction);

  it('says versions, settings, the state of each server and the log', () => {
    for (const part of ['- Entra Connect Remediation: 1.2.3', '- entraConnect.connectTimeout: 90', '- server-1: ssh; active; auth key; failed; ', 'not diagnosed', 'info <server-1>: connecting']) assert.ok(report.includes(part), `${part} in\n${report}`);
  });

  it('names no server, host, account or home folder, and keeps log lines inside their block', () => {
    assert.doesNotMatch(report, /SYNC01|corp\.example|ann|\u001b/i);
    assert.equal(report.match(/```/g)?.length, 2);
  });

  it('stays bounded', () => {
    const state = { ...initialState, problem: { message: 'x'.repeat(100_000), remedy: '' } };
    const servers = Array.from({ length: 5000 }, () => ({ transport: 'winrm', role: undefined, auth: undefined, state }));
    const long = diagnosticsReport({ versions: {}, settings: {}, servers, log: Array.from({ length: 300 }, () => 'y'.repeat(10_000)) }, redaction);
    assert.ok(long.length < 300_000, String(long.length));
    assert.ok(long.includes('and 4800 more'));
  });
});
