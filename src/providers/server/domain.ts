import { loadLater } from '../later.ts';
import type { diagnose } from '../../connect/diagnosis.ts';
import type { plansFor, planById } from '../../connect/plans.ts';
import type { lockHolder, unfinishedRun } from '../../connect/run-record.ts';
import type { startRun } from '../../connect/run.ts';
import type { writeTicket } from '../../connect/report/ticket.ts';
import type { takeSnapshot } from '../../connect/take-snapshot.ts';
import type { reduceRun } from './reduceRun.ts';

/** What the providers use of the domain, loaded at first use so that activation stays small. */
export interface Domain {
  readonly takeSnapshot: typeof takeSnapshot;
  readonly diagnose: typeof diagnose;
  readonly plansFor: typeof plansFor;
  readonly planById: typeof planById;
  readonly startRun: typeof startRun;
  readonly unfinishedRun: typeof unfinishedRun;
  readonly lockHolder: typeof lockHolder;
  readonly writeTicket: typeof writeTicket;
  readonly reduceRun: typeof reduceRun;
}

/** Loads it. */
export async function loadDomain(): Promise<Domain> {
  return (await loadLater()).domain;
}
