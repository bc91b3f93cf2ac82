import { badToken } from './error.ts';
import type { SecurityMechanism } from './mechanism.ts';

/** An exchange of tokens that ends with an established mechanism: the mechanism's own, or SPNEGO's around it. */
export interface TokenSession {
  /** The mechanism in use; final once established. */
  readonly mechanism: SecurityMechanism;
  /**
   * Takes the server's token (undefined at the start) and gives the next one; undefined where there is none to send.
   * @throws AuthError
   */
  step(token: Uint8Array | undefined): Promise<Uint8Array | undefined>;
  /** True once no token of the server is due any more. */
  readonly complete: boolean;
  /** Whether the server may now accept without a further token. */
  readonly provedWithoutToken: boolean;
  dispose(): void;
}

/** A mechanism's tokens as they are, without SPNEGO. */
export class RawSession implements TokenSession {
  readonly mechanism: SecurityMechanism;
  #started = false;

  constructor(mechanism: SecurityMechanism) {
    this.mechanism = mechanism;
  }

  get complete(): boolean {
    return this.mechanism.complete;
  }

  get provedWithoutToken(): boolean {
    return this.mechanism.complete;
  }

  async step(token: Uint8Array | undefined): Promise<Uint8Array | undefined> {
    if (this.#started === (token === undefined)) throw badToken('The server\'s tokens came in the wrong order.');
    this.#started = true;
    return await this.mechanism.step(token);
  }

  dispose(): void {
    this.mechanism.dispose();
  }
}
