import { textOf, truthOf } from '../flat-record.ts';
import { sameMachine } from '../machine-pin.ts';
import { Refused } from '../run-errors.ts';
import { scripts } from '../scripts.ts';
import type { ServerLink } from '../server-link.ts';
import { makeToken, proofOf, type ApprovalToken, type ApprovedFor } from './token.ts';

/** Longest and shortest life of an approval, and what it is where nobody says, in minutes. */
export const approvalMinutes = { shortest: 5, longest: 24 * 60, usual: 60 } as const;

/** Approvals that were used from this machine: a server that was set back to an earlier state has forgotten that they were. */
export interface UsedApprovals {
  /** Remembers one; false where it was remembered before. */
  add(id: string): Promise<boolean>;
  has(id: string): Promise<boolean>;
}

/**
 * Writes an approval to the server and gives the token that uses it. Only ever called after a person confirmed it for this very
 * server. `clock` is the server's, UTC milliseconds. Rejects with ScriptFailed or the transport's error.
 */
export async function grantApproval(link: ServerLink, bound: ApprovedFor, who: string, clock: number, minutes: number): Promise<{ token: ApprovalToken; expires: string }> {
  const token = makeToken();
  const expires = new Date(clock + minutes * 60_000).toISOString();
  await link.act(scripts.writeApproval, {
    Id: token.id, Proof: await proofOf(token, bound, expires), Plan: bound.plan, Digest: bound.digest,
    MachineId: bound.identity.machineId, ComputerName: bound.identity.computerName, Expires: expires, Who: who.slice(0, 200),
  });
  return { token, expires };
}

/**
 * Checks by the server's own memory and clock whether a token approves this plan on this server, now, and for the first time.
 * Changes nothing. `bound` without a digest is for the moment of use, when the run itself has changed what is known; `run` is then
 * the run that may have used it before. Rejects with Refused, which says why not.
 */
export async function checkApproval(link: ServerLink, token: ApprovalToken, bound: Omit<ApprovedFor, 'digest'> & Partial<ApprovedFor>, used: UsedApprovals, run?: string): Promise<void> {
  const refuse = (why: string): never => {
    throw new Refused('cannot-tell', `The approval does not hold: ${why} Nothing was changed. Approve the plan again with "entra-connect plan ${link.name} --approve".`);
  };
  const [record] = await link.read(scripts.readApproval, { Id: token.id });
  if (truthOf(record, 'present') !== true) return refuse('this server knows nothing of it. It was given for another server, or by nobody.');
  const expires = textOf(record, 'expires');
  const approved = { identity: { computerName: textOf(record, 'computerName'), machineId: textOf(record, 'machineId') }, plan: textOf(record, 'plan') as ApprovedFor['plan'], digest: textOf(record, 'digest') };
  if (!sameText(textOf(record, 'proof'), await proofOf(token, approved, expires))) return refuse('the token is not the one that was given for it.');
  if (!sameMachine(approved.identity, bound.identity)) return refuse(`it was given for ${approved.identity.computerName}, and ${bound.identity.computerName} answers.`);
  const usedBy = textOf(record, 'usedBy');
  const mine = usedBy.toLowerCase() === run?.toLowerCase();
  if (usedBy !== '' && !mine) return refuse(`it was used already, by the run ${usedBy}.`);
  if (!mine && await used.has(token.id)) return refuse('it was used from this machine already, although the server has forgotten that: was the server set back to an earlier state?');
  const [now, end] = [Date.parse(textOf(record, 'clock')), Date.parse(expires)];
  if (!(now < end)) return refuse(`it ended at ${expires}, by the server's clock.`);
  if (end - now > approvalMinutes.longest * 60_000) return refuse(`it would last until ${expires}, longer than any that is given: the server's clock was set back.`);
  if (approved.plan !== bound.plan) return refuse(`it was given for the plan ${approved.plan}, not for ${bound.plan}.`);
  if (bound.digest !== undefined && approved.digest !== bound.digest) return refuse('the server is not as it was when the plan was approved (its findings, build, log-on account, connectors or the steps differ).');
}

/** Uses a checked approval up for one run, which must hold the server's lock. Rejects with Refused where another run was first. */
export async function useApproval(link: ServerLink, token: ApprovalToken, run: string, used: UsedApprovals): Promise<void> {
  const first = await used.add(token.id);
  const [record] = await link.read(scripts.useApproval, { Id: token.id, Run: run });
  if (!first || textOf(record, 'usedBy').toLowerCase() !== run.toLowerCase()) throw new Refused('cannot-tell', 'The approval was used by another run in the meantime, so nothing is done with it.');
}

/** Compares without telling by its time how far two texts agree. */
function sameText(one: string, other: string): boolean {
  if (one.length !== other.length) return false;
  let difference = 0;
  for (let at = 0; at < one.length; at++) difference |= one.charCodeAt(at) ^ other.charCodeAt(at);
  return difference === 0;
}
