import type { PersonTask } from '../../connect/person.ts';

/** A task that a person has to do elsewhere, and the ways to answer it. */
export interface WaitingTask {
  readonly task: PersonTask;
  answer(answer: 'check' | 'give-up'): void;
}
