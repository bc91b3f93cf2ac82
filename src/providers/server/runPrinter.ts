import type { StepState } from '../../connect/ids.ts';
import type { RunEvent } from '../../connect/run-events.ts';
import { ansi, paint } from '../terminal/ansi.ts';
import { sanitize, sanitizeLine } from '../terminal/sanitize.ts';
import type { Screen } from '../terminal/screen.ts';

const tones = { heading: [ansi.bold], text: [], good: [ansi.green], warn: [ansi.yellow], bad: [ansi.red], dim: [ansi.dim] } as const;

/** How a step's end looks: its sign, its colour, and the exit code of its gutter mark. */
const ends: Partial<Record<StepState, { sign: string; colour: string; exitCode: number }>> = {
  done: { sign: '✔', colour: ansi.green, exitCode: 0 },
  skipped: { sign: '↷', colour: ansi.grey, exitCode: 0 },
  failed: { sign: '✘', colour: ansi.red, exitCode: 1 },
  refused: { sign: '⊘', colour: ansi.yellow, exitCode: 2 },
  cancelled: { sign: '⊘', colour: ansi.yellow, exitCode: 130 },
  unknown: { sign: '?', colour: ansi.yellow, exitCode: 3 },
};

/** Shows a run's events in the server's terminal: each step between its own marks. */
export class RunPrinter {
  readonly #screen: Screen;
  #current: number | undefined;
  #lastLine = '';

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  /** Shows one event. */
  show(event: RunEvent): void {
    switch (event.kind) {
      case 'started':
        this.#screen.print(`\n${paint(sanitizeLine(event.plan?.title ?? ''), ansi.bold, ansi.blue)}\n`);
        return;
      case 'plan':
        this.#say(event.why, ansi.dim);
        return;
      case 'line':
        // The mark of a step says its title already.
        if (event.tone === 'heading' && event.step !== undefined) return;
        this.#say(event.text, ...tones[event.tone]);
        return;
      case 'record': this.#screen.record(event.record); return;
      case 'progress': this.#progress(event); return;
      case 'step': this.#step(event); return;
      case 'diagnosed': return;
      case 'ended': this.#ended(event); return;
    }
  }

  /** Prints a line, once where it comes twice in a row. */
  #say(text: string, ...codes: readonly string[]): void {
    if (text === this.#lastLine) return;
    this.#lastLine = text;
    this.#screen.print(paint(`${sanitize(text)}\n`, ...codes));
  }

  #step(event: RunEvent & { kind: 'step' }): void {
    if (event.state === 'pending') return;
    const end = ends[event.state];
    // A skipped step never ran: it still gets its mark, so that it can be found.
    if (this.#current !== event.index) {
      this.#current = event.index;
      this.#screen.begin(paint(`▶ ${sanitizeLine(event.title)}`, ansi.bold, ansi.blue), sanitizeLine(event.title));
    }
    if (end === undefined) return;
    const seconds = event.seconds >= 1 ? ` (${event.seconds.toFixed(event.seconds < 10 ? 1 : 0)} s)` : '';
    // What the step's last line said is not said twice.
    const said = event.detail === '' || this.#lastLine.endsWith(event.detail);
    this.#screen.print(`${paint(`${end.sign} ${sanitize(said ? event.state : event.detail)}`, end.colour)}${paint(seconds, ansi.dim)}\n`);
    this.#screen.end(end.exitCode);
    this.#current = undefined;
  }

  #progress(event: RunEvent & { kind: 'progress' }): void {
    this.#screen.record({ stream: 'progress', value: {
      activityId: -1, parentActivityId: -1, activity: event.text, status: '', currentOperation: '', percent: event.percent ?? -1, secondsRemaining: -1, completed: false,
    } });
  }

  #ended(event: RunEvent & { kind: 'ended' }): void {
    if (this.#current !== undefined) this.#screen.end(event.result.state === 'done' ? 0 : 1);
    this.#current = undefined;
    const good = event.result.state === 'done';
    this.#screen.print(`\n${paint(`${good ? '✔' : '✘'} ${sanitize(event.result.message)}`, ansi.bold, good ? ansi.green : ansi.red)}\n`);
  }
}
