import { plain } from '../connect/evidence.ts';
import type { RunEvent } from '../connect/run-events.ts';

/** A run's events as lines for a person; nothing of the server can steer the terminal that shows them. */
export class RunPrinter {
  readonly #print: (text: string) => void;
  #last = '';

  constructor(print: (text: string) => void) {
    this.#print = print;
  }

  show(event: RunEvent): void {
    switch (event.kind) {
      case 'line': this.#say(event.tone === 'heading' ? `== ${event.text}` : event.text); return;
      case 'plan': this.#say(event.why); return;
      case 'progress': this.#say(`... ${event.text}${event.percent === undefined ? '' : ` ${event.percent} %`}${event.cancellable ? '' : ' (cannot be cancelled)'}`); return;
      case 'record':
        if (event.record.stream === 'warning') this.#say(`warning: ${event.record.value}`);
        else if (event.record.stream === 'error') this.#say(`error: ${event.record.value.message}`);
        return;
      case 'step':
        if (event.state !== 'running' && event.state !== 'pending') this.#say(`[${event.step}${event.target === undefined ? '' : ` ${event.target}`}] ${event.state} (${event.seconds} s)`);
        return;
      case 'started': case 'diagnosed': case 'ended': return;
    }
  }

  /** Once where it comes twice in a row. */
  #say(text: string): void {
    const line = plain(text);
    if (line === this.#last) return;
    this.#last = line;
    this.#print(`${line}\n`);
  }
}
