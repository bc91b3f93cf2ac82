import assert from 'node:assert/strict';
import { Redaction } from '../../../src/providers/outside/redaction.ts';

const servers = [
  { name: 'AADC01', details: ['aadc01.corp.example', 'CORP\\engineer', undefined, 'svc$connect'] },
  { name: 'AADC01-DR', details: ['10.1.2.3'] },
];

describe('redaction', () => {
  const redaction = new Redaction(servers, '/home/ann');

  it('calls the same server the same everywhere, whatever the case, and leaves no host or account', () => {
    const text = redaction.text('aadc01: connecting to AADC01.corp.EXAMPLE:22 as CORP\\engineer; AADC01-DR (10.1.2.3:5985) too, by svc$connect');
    assert.equal(text, '<server-1>: connecting to <server-1-a>:22 as <server-1-b>; <server-2> (<server-2-a>:5985) too, by <server-1-d>');
  });

  it('takes out what only looks like an account, an address, a fingerprint or a home folder', () => {
    assert.equal(redaction.text('FABRIKAM\\MSOL_0f1e was ann@fabrikam.example at 192.168.7.9, S-1-5-21-1-2-3-500, SHA256:abc+/=, /home/ann/.ssh'),
      '<account> was <account> at <address>, <sid>, <fingerprint>, ~/.ssh');
    assert.equal(redaction.text('reached fe80:0:0:1::1 and [2001:db8:1:2:3:4:5:6]:22').includes('2001'), false);
  });

  it('leaves versions, times and ordinary paths readable', () => {
    const text = '2026-01-02T03:04:05.678Z info Windows PowerShell 5.1.17763.1 read event 6208, C:\\Program Files';
    assert.ok(redaction.text('at 2026-01-02T03:04:05.678Z info event 6208').includes('2026-01-02T03:04:05.678Z info event 6208'));
    assert.ok(redaction.text(text).includes('C:\\Program Files'));
  });

  it('keeps the name that its reader used, where that is asked for, and nothing else', () => {
    assert.equal(new Redaction(servers, '', true).text('AADC01 at aadc01.corp.example'), '<AADC01> at <server-a>');
  });

  it('takes a name for what it is, not for a pattern', () => {
    assert.equal(new Redaction([{ name: 'a.*c', details: ['$&x$1'] }], '').text('a.*c abbbc $&x$1'), '<server-1> abbbc <server-1-a>');
  });
});
