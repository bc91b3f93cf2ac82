import type { PSValue } from '../session.ts';
import type { StepState } from './ids.ts';
import type { PlannedStep } from './plan.ts';
import { errorText, isConnectionLost } from './run-errors.ts';
import { stepValues } from './run-record.ts';
import { scripts, type ServerScript } from './scripts.ts';
import type { ServerLink } from './server-link.ts';

/** Runs that a server remembers. */
const runsKept = 12;

type Values = Readonly<Record<string, string>>;

/** What a record is kept for. */
export interface RecordOwner {
  /** GUID of the run. */
  readonly run: string;
  /** Names this client's entry under Lock: the server refuses what another client writes. */
  readonly entry: string;
  /** Whether this client may write: it has not lost the lock. */
  holds(): boolean;
  /** Told where the record could not be written. */
  warn(text: string): void;
}

/** Writes the server's own record of one run, for whoever goes on with it from another machine. The run does not depend on it. */
export class RecordKeeper {
  readonly #link: ServerLink;
  readonly #owner: RecordOwner;
  /** By the steps' indexes in the plan as it stands. */
  readonly #states = new Map<number, StepState>();
  #begun = false;
  /** Something of the run was done here, or is about to be: who only asked whether to go on with it leaves no time of work. */
  #works = false;
  /** What could not be written yet: a later value alone would stand among those of another client or another plan. */
  #unsent: Values = {};
  /** The server could not be reached when something was last to be kept there. */
  #away = false;

  constructor(link: ServerLink, owner: RecordOwner) {
    this.#link = link;
    this.#owner = owner;
  }

  /** Begins the record with these steps; or, without any, takes that of the run that is gone on with, whose steps stay until `plan` says otherwise. */
  begin(values: Values, steps?: readonly PlannedStep[]): Promise<void> {
    this.#works = steps !== undefined;
    return this.#keep({ ...values, ...(steps === undefined ? {} : this.#values(steps)), Entry: this.#owner.entry });
  }

  /** The steps are these now; those up to the one that was taken last are where they were. */
  plan(steps: readonly PlannedStep[], values: Values): Promise<void> {
    this.#works = true;
    return this.#keep({ ...values, ...this.#values(steps) });
  }

  step(steps: readonly PlannedStep[], index: number, state: StepState, more: Values = {}): Promise<void> {
    this.#works = true;
    this.#states.set(index, state);
    return this.#keep({ ...this.#values(steps, index), ...more });
  }

  end(state: string): Promise<void> {
    return this.#keep({ State: state });
  }

  #values(steps: readonly PlannedStep[], only?: number): Values {
    return stepValues(steps, (index) => this.#states.get(index) ?? 'pending', only);
  }

  async #keep(added: Values): Promise<void> {
    if (!this.#owner.holds()) return;
    const { Steps: count, ...others } = { ...this.#unsent, ...added };
    // They are written one after another: how many steps there are comes last, so that a record that is cut in two ends with the old ones.
    const values: Values = count === undefined ? others : { ...others, Steps: count };
    const script: ServerScript = this.#begun ? scripts.recordStep : scripts.beginRun;
    const more: Readonly<Record<string, PSValue>> = this.#begun ? { Entry: this.#owner.entry } : { Keep: runsKept, Guard: `lock=${this.#owner.entry}` };
    const parameters = { Run: this.#owner.run, Name: Object.keys(values), Value: Object.values(values), Work: this.#works, ...more };
    try {
      // A server that did not come back once is not waited for again only for this.
      await (this.#away ? this.#link.act(script, parameters) : this.#link.read(script, parameters));
      this.#away = false;
      this.#begun = true;
      this.#unsent = {};
    } catch (error) {
      this.#away = isConnectionLost(error);
      this.#unsent = values;
      this.#owner.warn(`The server's own record of this run could not be written: ${errorText(error)}`);
    }
  }
}
