import assert from 'node:assert/strict';
import { RedactingLogger, type Logger } from '../../../src/providers/logger.ts';

describe('redacting logger', () => {
  const made = (): { log: RedactingLogger; lines: string[] } => {
    const lines: string[] = [];
    const keep = (message: string): void => { lines.push(message); };
    const inner: Logger = { debug: keep, info: keep, warn: keep, error: keep };
    return { log: new RedactingLogger(inner), lines };
  };

  it('hides a secret wherever it stands, on every level', () => {
    const { log, lines } = made();
    log.info('before canary-1');
    log.hide('canary-1');
    for (const level of ['debug', 'info', 'warn', 'error'] as const) log[level]('a canary-1 b canary-1');
    assert.deepEqual(lines, ['before canary-1', ...Array.from({ length: 4 }, () => 'a •••••• b ••••••')]);
  });

  it('hides a secret that looks like a pattern', () => {
    const { log, lines } = made();
    log.hide('$&.*[x]');
    log.warn('it was $&.*[x]!');
    assert.deepEqual(lines, ['it was ••••••!']);
  });

  it('leaves words alone that a very short secret would hit', () => {
    const { log, lines } = made();
    log.hide('a');
    log.info('a plain message');
    assert.deepEqual(lines, ['a plain message']);
  });
});
