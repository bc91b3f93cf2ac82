import type { PlanId } from '../ids.ts';
import type { MachineIdentity } from '../machine-pin.ts';
import { fromHexadecimal, hexadecimal } from './hexadecimal.ts';

/** What a token is bound to. */
export interface ApprovedFor {
  readonly identity: MachineIdentity;
  readonly plan: PlanId;
  /** planDigest of the plan as it was shown. */
  readonly digest: string;
}

/** A single-use token: `eca1.`, its name (32 digits), `.`, its secret (64 digits). The secret never reaches the server. */
export interface ApprovalToken {
  readonly id: string;
  readonly text: string;
}

/** Makes a fresh token from 48 random bytes. */
export function makeToken(random: (bytes: Uint8Array) => Uint8Array = (bytes) => crypto.getRandomValues(bytes)): ApprovalToken {
  const digits = hexadecimal(random(new Uint8Array(48)));
  const id = digits.slice(0, 32);
  return { id, text: `eca1.${id}.${digits.slice(32)}` };
}

/** Reads what somebody pasted; undefined where it is no token. */
export function parseToken(text: string): ApprovalToken | undefined {
  const found = /^eca1\.([0-9a-f]{32})\.[0-9a-f]{64}$/.exec(text.trim());
  return found?.[1] === undefined ? undefined : { id: found[1], text: found[0] };
}

/** Proof that whoever wrote an approval had the token: a keyed digest (HMAC-SHA-256) of all that the token is bound to. */
export async function proofOf(token: ApprovalToken, bound: ApprovedFor, expires: string): Promise<string> {
  const secret = fromHexadecimal(token.text.slice(-64));
  const key = await crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const { computerName, machineId } = bound.identity;
  const message = JSON.stringify(['approval', 1, token.id, computerName.toLowerCase(), machineId.toLowerCase(), bound.plan, bound.digest, expires]);
  return hexadecimal(await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(message)));
}
