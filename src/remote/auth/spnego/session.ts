import { AuthError, badToken } from '../error.ts';
import type { SecurityMechanism } from '../mechanism.ts';
import type { TokenSession } from '../token-session.ts';
import { decodeNegTokenResp, encodeMechanismList, encodeNegTokenInit, encodeNegTokenResp, NegState, type NegTokenResp } from './tokens.ts';

/**
 * SPNEGO (RFC 4178) around other mechanisms, the preferred one first; its first token goes along at once. The list of
 * mechanisms is signed in both directions unless the preferred one was taken and the server leaves it out, and is
 * always signed with NTLM, as Windows does (MS-SPNG 3.1.5.1).
 */
export class SpnegoSession implements TokenSession {
  complete = false;
  readonly #mechanisms: readonly SecurityMechanism[];
  readonly #list: Buffer;
  #chosen: SecurityMechanism;
  /** True once the server named the mechanism: it cannot change afterwards. */
  #settled = false;
  #started = false;
  #sentMic = false;
  #verifiedMic = false;
  #micRequested = false;
  #serverDone = false;

  constructor(preferred: SecurityMechanism, ...others: readonly SecurityMechanism[]) {
    this.#chosen = preferred;
    this.#mechanisms = [preferred, ...others];
    this.#list = encodeMechanismList(this.#mechanisms.map((mechanism) => mechanism.oid));
  }

  get mechanism(): SecurityMechanism {
    return this.#chosen;
  }

  get provedWithoutToken(): boolean {
    return this.#chosen.complete && (!this.#needsMic() || this.#verifiedMic);
  }

  async step(token: Uint8Array | undefined): Promise<Uint8Array | undefined> {
    if (token === undefined) {
      if (this.#started) throw badToken('The server ended the SPNEGO negotiation without an answer.');
      this.#started = true;
      const first = await this.#chosen.step(undefined);
      return encodeNegTokenInit(this.#list, first ?? new Uint8Array());
    }
    if (!this.#started || this.complete || this.#serverDone) throw badToken('The server sent a SPNEGO answer that nothing asked for.');
    return await this.#answer(decodeNegTokenResp(token));
  }

  async #answer(answer: NegTokenResp): Promise<Uint8Array | undefined> {
    if (answer.state === NegState.reject) throw new AuthError('authentication-failed', 'The server rejected every way to authenticate that was offered.', 'Check the user name and the password, and which authentications the server allows (winrm get winrm/config/service/auth).');
    const responseToken = this.#settle(answer) ? await this.#chosen.step(undefined) : await this.#pass(answer.responseToken);
    if (answer.mechListMic !== undefined) await this.#verify(answer.mechListMic);
    if (answer.state === NegState.requestMic) this.#micRequested = true;
    this.#serverDone = answer.state === NegState.acceptCompleted;
    const mechListMic = this.#micDue() ? await this.#sign() : undefined;
    if (this.#serverDone) {
      if (!this.#chosen.complete) throw badToken(`The server ended the negotiation before ${this.#chosen.label} was through: it did not prove who it is.`);
      if (responseToken !== undefined) throw badToken('The server ended the negotiation while a token for it was still due.');
      if (this.#needsMic() && !this.#verifiedMic) throw badToken('The server accepted without a signature of the list of mechanisms: somebody may have altered it on the way.');
      this.complete = true;
    } else if (responseToken === undefined && mechListMic === undefined) {
      throw badToken('The server waits for a token in a negotiation that has none left.');
    }
    if (responseToken === undefined && mechListMic === undefined) return undefined;
    return encodeNegTokenResp({ state: NegState.acceptIncomplete, responseToken, mechListMic });
  }

  /** Takes over the mechanism that the server picked. True where that is another than the preferred one, to be started now. */
  #settle(answer: NegTokenResp): boolean {
    if (answer.mechanism === undefined) return false;
    const named = this.#mechanisms.find(({ oid, aliases }) => oid === answer.mechanism || aliases.includes(answer.mechanism ?? ''));
    if (named === undefined || (this.#settled && named !== this.#chosen)) throw badToken(`The server picked a security mechanism that was not offered (${answer.mechanism}).`);
    this.#settled = true;
    if (named === this.#chosen) return false;
    if (answer.responseToken !== undefined) throw badToken('The server answered a security mechanism that was not started.');
    this.#chosen = named;
    return true;
  }

  async #pass(token: Uint8Array | undefined): Promise<Uint8Array | undefined> {
    return token === undefined || this.#chosen.complete && token.length === 0 ? undefined : await this.#chosen.step(token);
  }

  /** Whether accepting without both signatures would let somebody on the way pick the weaker mechanism. */
  #needsMic(): boolean {
    return this.#micRequested || this.#sentMic || this.#chosen !== this.#mechanisms[0];
  }

  #micDue(): boolean {
    if (!this.#chosen.complete || this.#sentMic || this.#serverDone) return false;
    return this.#verifiedMic || this.#needsMic() || this.#chosen.label === 'NTLM';
  }

  async #sign(): Promise<Uint8Array> {
    const mic = await this.#chosen.sign(this.#list);
    this.#chosen.afterListSignature('signed');
    this.#sentMic = true;
    return mic;
  }

  async #verify(mic: Uint8Array): Promise<void> {
    if (!this.#chosen.complete || this.#verifiedMic) throw badToken('The server signed the list of mechanisms at the wrong time.');
    await this.#chosen.verify(this.#list, mic);
    this.#chosen.afterListSignature('verified');
    this.#verifiedMic = true;
  }

  dispose(): void {
    for (const mechanism of this.#mechanisms) mechanism.dispose();
  }
}
