import type { PSValue } from '../session.ts';
import type { StepState } from './ids.ts';
import type { PlannedStep } from './plan.ts';
import { errorText, isConnectionLost } from './run-errors.ts';
import { recordedSteps, stepValues, type RecordedStep, type RunRecord } from './run-record.ts';
import { scripts, type ServerScript } from './scripts.ts';
import type { ServerLink } from './server-link.ts';

/** Runs that a server remembers. */
const runsKept = 12;

type Values = Readonly<Record<string, string>>;

/** Writes the server's own record of one run, for whoever goes on with it from another machine. The run does not depend on it. */
export class RecordKeeper {
  readonly #link: ServerLink;
  readonly #run: string;
  readonly #warn: (text: string) => void;
  /** By the steps' indexes in the plan as it stands. */
  readonly #states = new Map<number, StepState>();
  #earlier: readonly RecordedStep[] = [];
  #resumed: RunRecord['resumed'] = 'no';
  /** The server could not be reached when something was last to be kept there. */
  #away = false;

  /** `run` is the run's GUID; `warn` is told where the record could not be written. */
  constructor(link: ServerLink, run: string, warn: (text: string) => void) {
    this.#link = link;
    this.#run = run;
    this.#warn = warn;
  }

  /**
   * The run goes on with this record: what was begun stays on record until the run's own steps say otherwise.
   * @param stopped the run had stopped the service, which is to be started first
   */
  goOn(record: RunRecord, stopped: boolean): void {
    this.#resumed = stopped ? 'stopped' : 'yes';
    this.#earlier = record.steps;
  }

  begin(steps: readonly PlannedStep[], values: Values): Promise<void> {
    return this.#keep(scripts.beginRun, { ...values, ...(this.#resumed === 'no' ? {} : { Resumed: this.#resumed }), ...stepValues(this.#recorded(steps)) }, { Keep: runsKept });
  }

  /** The plan has changed; its steps up to the one that was taken last stay where they are. */
  change(steps: readonly PlannedStep[], values: Values): Promise<void> {
    return this.#keep(scripts.recordStep, { ...values, ...stepValues(this.#recorded(steps)) });
  }

  step(steps: readonly PlannedStep[], index: number, state: StepState, more: Values = {}): Promise<void> {
    this.#states.set(index, state);
    const recorded = this.#recorded(steps);
    return this.#keep(scripts.recordStep, { ...stepValues(recorded, Math.max(0, recorded.length - steps.length) + index), ...more });
  }

  end(state: RunRecord['state']): Promise<void> {
    return this.#keep(scripts.recordStep, { State: state });
  }

  #recorded(steps: readonly PlannedStep[]): readonly RecordedStep[] {
    return recordedSteps(this.#earlier, steps, (index) => this.#states.get(index));
  }

  async #keep(script: ServerScript, values: Values, more: Readonly<Record<string, PSValue>> = {}): Promise<void> {
    const parameters = { Run: this.#run, Name: Object.keys(values), Value: Object.values(values), ...more };
    try {
      // A server that did not come back once is not waited for again only for this.
      await (this.#away ? this.#link.act(script, parameters) : this.#link.read(script, parameters));
      this.#away = false;
    } catch (error) {
      this.#away = isConnectionLost(error);
      this.#warn(`The server's own record of this run could not be written: ${errorText(error)}`);
    }
  }
}
