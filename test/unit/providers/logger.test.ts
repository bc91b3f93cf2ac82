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

  it('keeps its last lines for a report, without a secret that it was told of later', () => {
    const { log } = made();
    for (let n = 0; n < 1000; n += 1) log.info(`line ${n} canary-2`);
    log.hide('canary-2');
    const recent = log.recent();
    assert.ok(recent.length > 0 && recent.length <= 300);
    assert.match(recent.at(-1) ?? '', /^\d{4}-\d\d-\d\dT[\d:.]+Z info line 999 ••••••$/);
    assert.ok(recent.every((line) => !line.includes('canary-2')));
  });
});
