import { diagnose } from '../../connect/diagnosis.ts';
import { planById, plansFor } from '../../connect/plans.ts';
import { lockHolder, unfinishedRun } from '../../connect/run-record.ts';
import { startRun } from '../../connect/run.ts';
import { writeTicket } from '../../connect/report/ticket.ts';
import { takeSnapshot } from '../../connect/take-snapshot.ts';
import type { Domain } from './domain.ts';
import { reduceRun } from './reduceRun.ts';

/** The domain in one piece: only ever imported at run time by `loadDomain`. */
export const domain: Domain = { takeSnapshot, diagnose, plansFor, planById, startRun, unfinishedRun, lockHolder, writeTicket, reduceRun };
