import type { FindingId, PlanId } from './ids.ts';

/** A fact or an event that a finding rests on. */
export type Evidence =
  | { readonly kind: 'fact'; readonly fact: string; readonly text: string }
  | { readonly kind: 'event'; readonly log: string; readonly recordId: number; readonly eventId: number; readonly provider: string; readonly time: string; readonly text: string };

/** One conclusion from a snapshot. */
export interface Finding {
  readonly id: FindingId;
  readonly severity: 'ok' | 'information' | 'warning' | 'error';
  /** One line, in design 2's words. */
  readonly title: string;
  /** What it means and why, for a person. */
  readonly detail: string;
  readonly evidence: readonly Evidence[];
  /** What looked alike and why it is not this. */
  readonly ruledOut: readonly string[];
  /** What to do next, one sentence. */
  readonly advice: string;
  /** The plan it calls for; undefined where nothing is to be done or a person decides. */
  readonly plan: PlanId | undefined;
  /** What it is about, where there are several (a connector's name). */
  readonly target: string | undefined;
}
