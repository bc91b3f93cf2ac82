import { AuthError, badToken } from '../error.ts';
import type { SealedMessage } from '../context.ts';
import type { SecurityMechanism } from '../mechanism.ts';
import { KerberosFailure } from './failure.ts';
import type { NativeContext } from './native.ts';

/** Kerberos 5 as a security mechanism (RFC 4121), over a context of the operating system whose first token is already made. */
export class KerberosSession implements SecurityMechanism {
  readonly oid = '1.2.840.113554.1.2.2';
  /** Windows' own identifier, from a time when it could not count (MS-KILE). */
  readonly aliases: readonly string[] = ['1.2.840.48018.1.2.2'];
  readonly label = 'Kerberos';
  readonly servicePrincipal: string;
  complete = false;
  readonly #context: NativeContext;
  #first: Uint8Array | undefined;
  #disposed = false;
  #last: Promise<unknown> = Promise.resolve();

  constructor(context: NativeContext, options: { servicePrincipal: string; firstToken: Uint8Array }) {
    this.#context = context;
    this.servicePrincipal = options.servicePrincipal;
    this.#first = options.firstToken;
  }

  step(token: Uint8Array | undefined): Promise<Uint8Array | undefined> {
    return this.#inTurn(async () => {
      if (token === undefined) {
        const first = this.#first;
        this.#first = undefined;
        if (first === undefined) throw badToken('The Kerberos handshake was started twice.');
        return first;
      }
      if (this.complete || this.#first !== undefined) throw badToken('The server sent a Kerberos token that nothing asked for.');
      try {
        const answer = await this.#context.step(token);
        this.complete = answer.done;
        return answer.token;
      } catch (error) {
        if (error instanceof KerberosFailure) throw refused(error, this.servicePrincipal);
        throw error;
      }
    });
  }

  sign(message: Uint8Array): Promise<Uint8Array> {
    return this.#established(() => this.#context.sign(message));
  }

  verify(message: Uint8Array, signature: Uint8Array): Promise<void> {
    return this.#established(() => this.#context.verify(message, signature));
  }

  // Kerberos counts on; nothing starts anew.
  afterListSignature(): void { return; }

  seal(plain: Uint8Array): Promise<SealedMessage> {
    return this.#established(() => this.#context.seal(plain));
  }

  unseal(header: Uint8Array, data: Uint8Array): Promise<Uint8Array> {
    return this.#established(() => this.#context.unseal(header, data));
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    // A call may still be running in it.
    const release = (): void => { this.#context.release(); };
    this.#last.then(release, release);
  }

  #established<T>(work: () => Promise<T>): Promise<T> {
    return this.#inTurn(async () => {
      if (!this.complete) throw new AuthError('unsupported', 'The Kerberos session is not established.', 'Connect again.');
      return await work();
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#disposed) return Promise.reject(new AuthError('unsupported', 'The Kerberos session is over.', 'Connect again.'));
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

function refused(failure: KerberosFailure, service: string): AuthError {
  if (failure.kind === 'clock-skew') return clockSkew(failure);
  return new AuthError('authentication-failed', `The server's Kerberos answer for ${service} was not accepted (${failure.message}).`, 'Check that the name is the server\'s own and no alias.', { cause: failure });
}

/** The error for clocks that differ too much. */
export function clockSkew(failure: KerberosFailure): AuthError {
  return new AuthError('authentication-failed', `Kerberos failed because the clocks differ too much (${failure.message}).`, 'Set this machine\'s clock by the domain\'s: five minutes are the limit.', { cause: failure });
}
