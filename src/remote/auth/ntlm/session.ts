import { randomBytes } from 'node:crypto';
import type { SecureString } from '../../../session.ts';
import type { SealedMessage } from '../context.ts';
import { AuthError, badToken } from '../error.ts';
import type { SecurityMechanism } from '../mechanism.ts';
import { computeResponse, responseKey, type NtlmAccount } from './hash.ts';
import { hmacMd5 } from './md5.ts';
import { decodeChallenge, encodeAuthenticate, encodeNegotiate, micOffset, NtlmFlag, type Challenge } from './messages.ts';
import { Rc4 } from './rc4.ts';
import { SealingDirection } from './sealing.ts';
import { answerTargetInfo } from './target-info.ts';

export const ntlmOid = '1.3.6.1.4.1.311.2.2.10';

/** What this client asks for. Datagrams, OEM text, LM keys and 40 bits are never offered. */
const offered = (NtlmFlag.unicode | NtlmFlag.requestTarget | NtlmFlag.sign | NtlmFlag.seal | NtlmFlag.ntlm | NtlmFlag.alwaysSign
  | NtlmFlag.extendedSessionSecurity | NtlmFlag.targetInfo | NtlmFlag.version | NtlmFlag.key128 | NtlmFlag.keyExchange | NtlmFlag.key56) >>> 0;

/** Without these there is no NTLMv2 session with 128-bit encryption. */
const required: readonly (readonly [flag: number, what: string])[] = [
  [NtlmFlag.unicode, 'Unicode'],
  [NtlmFlag.extendedSessionSecurity, 'extended session security'],
  [NtlmFlag.sign, 'signing'],
  [NtlmFlag.seal, 'encryption'],
  [NtlmFlag.key128, '128-bit keys'],
  [NtlmFlag.targetInfo, 'NTLMv2 (it sent no target information)'],
];

/** The random and the temporal in a session; tests replace it to meet published vectors. */
export interface NtlmSource {
  /** 8 bytes. */
  clientChallenge(): Uint8Array;
  /** 16 bytes. */
  sessionKey(): Uint8Array;
  /** Now, as a FILETIME. */
  now(): bigint;
}

const systemSource: NtlmSource = {
  clientChallenge: () => randomBytes(8),
  sessionKey: () => randomBytes(16),
  // 100-nanosecond intervals since 1601-01-01 UTC.
  now: () => (BigInt(Date.now()) + 11_644_473_600_000n) * 10_000n,
};

export interface NtlmOptions {
  readonly account: NtlmAccount;
  readonly password: SecureString;
  /** The service principal name that the answer is meant for; undefined says nothing about it. */
  readonly targetName: string | undefined;
  /** RFC 5929 application data of the TLS connection; undefined where there is none. */
  readonly channelBinding: Uint8Array | undefined;
  readonly source?: NtlmSource;
}

/** An NTLMv2 session (MS-NLMP): never NTLMv1, never LM, always with sealing keys of 128 bits. */
export class NtlmSession implements SecurityMechanism {
  readonly oid = ntlmOid;
  readonly aliases: readonly string[] = [];
  readonly label = 'NTLM';
  readonly servicePrincipal = undefined;
  complete = false;
  readonly #options: NtlmOptions;
  readonly #source: NtlmSource;
  #negotiate: Buffer | undefined;
  #outgoing: SealingDirection | undefined;
  #incoming: SealingDirection | undefined;

  constructor(options: NtlmOptions) {
    this.#options = options;
    this.#source = options.source ?? systemSource;
  }

  step(token: Uint8Array | undefined): Promise<Uint8Array | undefined> {
    // A rejected promise rather than an error on the spot, whatever fails in here.
    return Promise.resolve().then(() => {
      if (token === undefined) {
        this.#negotiate = encodeNegotiate(offered);
        return this.#negotiate;
      }
      if (this.#negotiate === undefined || this.complete) throw badToken('The server sent an NTLM message that nothing asked for.');
      return this.#authenticate(this.#negotiate, token);
    });
  }

  #authenticate(negotiate: Uint8Array, token: Uint8Array): Buffer {
    const challenge = decodeChallenge(token);
    const { account, password } = this.#options;
    const info = answerTargetInfo(requireTargetInfo(challenge), this.#options);
    const time = Buffer.alloc(8);
    time.writeBigUInt64LE(info.timestamp ?? this.#source.now());
    const key = responseKey(password.reveal(), account);
    const response = computeResponse(key, { serverChallenge: challenge.serverChallenge, clientChallenge: this.#source.clientChallenge(), time, targetInfo: info.answer });
    key.fill(0);
    const mic = info.timestamp !== undefined;
    const keyExchange = (challenge.flags & NtlmFlag.keyExchange) !== 0;
    const sessionKey = keyExchange ? this.#source.sessionKey() : response.sessionBaseKey;
    const message = encodeAuthenticate({
      flags: (challenge.flags & offered) >>> 0,
      domain: account.domain, user: account.user, workstation: '',
      // With a time of the server's the LMv2 response is all zero (MS-NLMP 3.1.5.1.2).
      lm: mic ? Buffer.alloc(24) : response.lm,
      nt: response.nt,
      encryptedSessionKey: keyExchange ? new Rc4(response.sessionBaseKey).update(sessionKey) : Buffer.alloc(0),
      mic,
    });
    if (mic) message.set(hmacMd5(sessionKey, negotiate, token, message), micOffset);
    this.#outgoing = new SealingDirection(sessionKey, 'client-to-server', keyExchange);
    this.#incoming = new SealingDirection(sessionKey, 'server-to-client', keyExchange);
    sessionKey.fill(0);
    response.sessionBaseKey.fill(0);
    this.complete = true;
    return message;
  }

  sign(message: Uint8Array): Promise<Uint8Array> {
    return Promise.resolve().then(() => ready(this.#outgoing).sign(message));
  }

  verify(message: Uint8Array, signature: Uint8Array): Promise<void> {
    return Promise.resolve().then(() => { ready(this.#incoming).verify(message, signature); });
  }

  afterListSignature(side: 'signed' | 'verified'): void {
    ready(side === 'signed' ? this.#outgoing : this.#incoming).restart();
  }

  seal(plain: Uint8Array): Promise<SealedMessage> {
    return Promise.resolve().then(() => {
      const { signature, data } = ready(this.#outgoing).seal(plain);
      return { header: signature, data, padding: 0 };
    });
  }

  unseal(header: Uint8Array, data: Uint8Array): Promise<Uint8Array> {
    return Promise.resolve().then(() => ready(this.#incoming).unseal(header, data));
  }

  dispose(): void {
    this.#outgoing?.dispose();
    this.#incoming?.dispose();
    this.#outgoing = undefined;
    this.#incoming = undefined;
  }
}

function requireTargetInfo(challenge: Challenge): Uint8Array {
  const missing = required.filter(([flag]) => (challenge.flags & flag) === 0).map(([, what]) => what);
  if (missing.length > 0 || challenge.targetInfo === undefined) {
    const what = missing.length > 0 ? missing.join(', ') : 'NTLMv2 (it sent no target information)';
    throw new AuthError('unsupported', `The server does not agree to what NTLM needs to be safe: ${what}.`, 'Use Kerberos, or https with Basic or a certificate, for this server.');
  }
  return challenge.targetInfo;
}

function ready(direction: SealingDirection | undefined): SealingDirection {
  if (direction === undefined) throw new AuthError('unsupported', 'The NTLM session is not established, or is over.', 'Connect again.');
  return direction;
}
