import assert from 'node:assert/strict';
import type { Plan } from '../../../src/connect/plan.ts';
import type { RunEvent, RunResult } from '../../../src/connect/run-events.ts';
import { RunPrinter } from '../../../src/providers/server/runPrinter.ts';
import { reduceRun } from '../../../src/providers/server/reduceRun.ts';
import { newRun } from '../../../src/providers/server/runState.ts';
import { Screen } from '../../../src/providers/terminal/screen.ts';
import { Transcript } from '../../../src/providers/terminal/transcript.ts';

const plan = (...steps: Plan['steps'][number]['step'][]): Plan => ({
  id: 'full-abandonment', title: 'The plan', findings: [], why: '', instructions: [], refused: undefined, steps: steps.map((step) => ({ step, target: undefined, title: step, note: undefined })),
});
const step = (index: number, state: (RunEvent & { kind: 'step' })['state'], detail = '', id: (RunEvent & { kind: 'step' })['step'] = 'start-service'): RunEvent => ({
  at: 0, kind: 'step', index, step: id, target: undefined, title: `step ${index}`, state, detail, seconds: 2,
});
const result: RunResult = { run: 'r', plan: 'full-abandonment', state: 'failed', touched: false, steps: [], refused: null, message: 'It failed.' };

describe('state of a run', () => {
  const started = reduceRun(newRun('r', 'title'), { at: 0, kind: 'started', run: 'r', server: 'A', plan: plan('start-service', 'abandon-key', 'start-service') });

  it('follows its steps, the same step twice as two', () => {
    const run = reduceRun(reduceRun(started, step(0, 'done', 'first')), step(2, 'running'));
    assert.deepEqual(run.steps.map((s) => [s.step, s.state]), [['start-service', 'done'], ['abandon-key', 'pending'], ['start-service', 'running']]);
  });

  it('keeps what happened when the plan is drawn up anew', () => {
    const done = reduceRun(started, step(0, 'done', 'first'));
    const run = reduceRun(done, { at: 0, kind: 'plan', plan: plan('start-service', 'verify'), why: 'changed' });
    assert.deepEqual(run.steps.map((s) => [s.step, s.state, s.detail]), [['start-service', 'done', 'first'], ['verify', 'pending', '']]);
  });

  it('forgets progress with the step, and ends with its result', () => {
    const busy = reduceRun(started, { at: 0, kind: 'progress', step: 'start-service', text: 'waiting', percent: undefined, cancellable: false });
    assert.equal(busy.progress?.text, 'waiting');
    assert.equal(reduceRun(busy, step(0, 'done')).progress, undefined);
    assert.equal(reduceRun(busy, { at: 0, kind: 'ended', result }).result, result);
  });
});

describe('a run in the terminal', () => {
  const print = (...events: RunEvent[]): string => {
    let written = '';
    const printer = new RunPrinter(new Screen((text) => { written += text; }, new Transcript(100, () => undefined)));
    for (const event of events) printer.show(event);
    return written;
  };
  const exits = (text: string): string[] => [...text.matchAll(/\u001b\]633;D;(\d+)\u0007/g)].map((match) => match[1] ?? '');

  it('gives each step one mark with an exit code of its own', () => {
    const text = print(step(0, 'running'), step(0, 'waiting-for-person'), step(0, 'running'), step(0, 'done'), step(1, 'skipped', 'not needed'), step(2, 'running'), step(2, 'failed', 'no'), step(3, 'running'), step(3, 'cancelled'));
    assert.deepEqual(exits(text), ['0', '0', '1', '130']);
    assert.equal(text.split('\u001b]633;A\u0007').length - 1, 4);
  });

  it('says nothing twice', () => {
    const text = print(step(0, 'running'), { at: 0, kind: 'line', step: 'start-service', tone: 'good', text: 'Backed up.' }, { at: 0, kind: 'line', step: 'start-service', tone: 'good', text: 'Backed up.' }, step(0, 'done', 'Backed up.'));
    assert.equal(text.split('Backed up.').length - 1, 1);
  });

  it('lets nothing of the server steer the terminal', () => {
    const evil = 'x\u001b[2J\u0007';
    const text = print({ at: 0, kind: 'line', step: undefined, tone: 'text', text: evil }, step(0, 'running'), step(0, 'failed', evil), { at: 0, kind: 'ended', result: { ...result, message: evil } });
    assert.doesNotMatch(text.replace(/\u001b\]633;[^\u0007]*\u0007/g, '').replace(/\u001b\[[0-9;]*m/g, '').replaceAll('\r\u001b[K', ''), /[\u001b\u0007]/);
  });

  it('ends an open mark with the run, and says how it ended', () => {
    const text = print(step(0, 'running'), { at: 0, kind: 'ended', result });
    assert.deepEqual(exits(text), ['1']);
    assert.match(text, /✘ It failed\./);
  });
});
