import type { Finding } from '../finding.ts';
import type { PlanId } from '../ids.ts';
import { aboutServer, type SaidAboutServer } from '../manual/about.ts';
import { planById } from '../plans.ts';
import type { Snapshot } from '../snapshot.ts';
import { forbidden, type RunbookSubject } from './runbook.ts';

/** What a runbook is asked for with. */
export interface RunbookRequest {
  readonly plan: PlanId;
  readonly snapshot: Snapshot;
  /** Undefined: nothing was read from the server; `said` is all there is. */
  readonly findings: readonly Finding[] | undefined;
  /** Findings that the plan is drawn up by where nothing was read. */
  readonly assumed?: readonly Finding[];
  readonly server: string | undefined;
  /** The connector of a plan that is about one. */
  readonly connector: string | undefined;
  readonly ticket: string | undefined;
  readonly said: SaidAboutServer;
  /** UTC milliseconds. */
  readonly now: number;
}

/** Draws a plan up for paper, or says why it must not be carried out on that server, by hand either. */
export function runbookSubject(request: RunbookRequest): { readonly subject: RunbookSubject } | { readonly forbidden: string } {
  const { plan: id, snapshot, findings, server, ticket, said } = request;
  const plan = planById(id, findings ?? request.assumed ?? [], snapshot, id === 'connector-password' ? request.connector : undefined);
  const reason = forbidden(plan, snapshot, findings);
  if (reason !== undefined) return { forbidden: reason };
  const madeAt = new Date(request.now).toISOString();
  return { subject: { plan, about: aboutServer(snapshot, id, madeAt.slice(0, 10).replaceAll('-', ''), said), server, findings, madeAt, ticket } };
}

/** Whether a plan has to be told which connector it is about. */
export function needsConnector(plan: PlanId, findings: readonly Finding[] | undefined): boolean {
  return plan === 'connector-password' && findings?.some((finding) => finding.plan === plan && finding.target !== undefined) !== true;
}
