import assert from 'node:assert/strict';
import { sectionsOf } from '../../../src/providers/terminal/sections.ts';

describe('sections of a transcript', () => {
  it('begin at each heading and each command of a person, and end before the next', () => {
    const lines = ['Connected to SYNC01', '▶ Diagnose', '  build: 2.5.190.0', '', '▶ Start the service', 'PS C:\\Users\\engineer> Get-Service ADSync', 'Stopped', 'PS>', ''];
    assert.deepEqual(sectionsOf(lines), [
      { title: 'Diagnose', kind: 'step', from: 1, to: 2 },
      { title: 'Start the service', kind: 'step', from: 4, to: 4 },
      { title: 'Get-Service ADSync', kind: 'command', from: 5, to: 7 },
    ]);
  });

  it('are none where nothing begins one', () => {
    assert.deepEqual(sectionsOf(['', 'a ▶ b', '▶ ', 'PS > ']), []);
  });

  it('take no long time for what a server put out', () => {
    assert.deepEqual(sectionsOf(Array.from({ length: 20_000 }, () => `PS ${'x'.repeat(2000)}`)), []);
  });
});
