import { decodeOid, encodeOid } from '../asn1/oid.ts';
import { DerReader } from '../asn1/read.ts';
import { derElement, DerTag } from '../asn1/write.ts';
import { badToken } from '../error.ts';

const spnegoOid = '1.3.6.1.5.5.2';

/** NegState (RFC 4178, 4.2.2). */
export const NegState = { acceptCompleted: 0, acceptIncomplete: 1, reject: 2, requestMic: 3 } as const;

/** What the target answers (RFC 4178, 4.2.2). */
export interface NegTokenResp {
  readonly state: number | undefined;
  /** Dotted. */
  readonly mechanism: string | undefined;
  readonly responseToken: Uint8Array | undefined;
  readonly mechListMic: Uint8Array | undefined;
}

/** The MechTypeList, which is also what mechListMIC signs (RFC 4178, 4.1). */
export function encodeMechanismList(oids: readonly string[]): Buffer {
  return derElement(DerTag.sequence, ...oids.map(encodeOid));
}

/** The initiator's first token (RFC 4178, 4.2.1) in its GSS-API frame (RFC 2743, 3.1). */
export function encodeNegTokenInit(mechanismList: Uint8Array, mechToken: Uint8Array): Buffer {
  const body = derElement(DerTag.sequence,
    derElement(DerTag.context0, mechanismList),
    derElement(DerTag.context2, derElement(DerTag.octetString, mechToken)));
  return derElement(DerTag.application0, encodeOid(spnegoOid), derElement(DerTag.context0, body));
}

/** Every later token of the initiator. */
export function encodeNegTokenResp(response: { state: number; responseToken?: Uint8Array | undefined; mechListMic?: Uint8Array | undefined }): Buffer {
  const parts = [derElement(DerTag.context0, derElement(DerTag.enumerated, Buffer.from([response.state])))];
  if (response.responseToken !== undefined) parts.push(derElement(DerTag.context2, derElement(DerTag.octetString, response.responseToken)));
  if (response.mechListMic !== undefined) parts.push(derElement(DerTag.context3, derElement(DerTag.octetString, response.mechListMic)));
  return derElement(DerTag.context1, derElement(DerTag.sequence, ...parts));
}

/** Reads the target's token. @throws AuthError where it is not a NegTokenResp */
export function decodeNegTokenResp(token: Uint8Array): NegTokenResp {
  const outer = new DerReader(token, 'The SPNEGO answer');
  const choice = outer.enter(DerTag.context1);
  outer.end();
  const fields = choice.enter(DerTag.sequence);
  choice.end();
  const state = explicit(fields, DerTag.context0, DerTag.enumerated);
  const mechanism = explicit(fields, DerTag.context1, DerTag.oid);
  const responseToken = explicit(fields, DerTag.context2, DerTag.octetString);
  const mechListMic = explicit(fields, DerTag.context3, DerTag.octetString);
  fields.end();
  if (state !== undefined && (state.length !== 1 || (state[0] ?? 4) > NegState.requestMic)) throw badToken('The SPNEGO answer has an unknown state.');
  // Windows 2000 and its kin repeat the token where the signature belongs; MIT Kerberos overlooks that as well.
  const repeated = responseToken !== undefined && mechListMic !== undefined && Buffer.compare(responseToken, mechListMic) === 0;
  return { state: state?.[0], mechanism: mechanism === undefined ? undefined : decodeOid(mechanism), responseToken, mechListMic: repeated ? undefined : mechListMic };
}

function explicit(fields: DerReader, outer: number, inner: number): Uint8Array | undefined {
  if (fields.peek() !== outer) return undefined;
  const wrapper = fields.enter(outer);
  const content = wrapper.expect(inner);
  wrapper.end();
  return content;
}
