import type { MessageSealing, SealedMessage } from './context.ts';
import type { SecurityMechanism } from './mechanism.ts';

/** Seals with a mechanism, one message after the other in the order of the calls, however long each takes. */
export class OrderedSealing implements MessageSealing {
  readonly protocol: MessageSealing['protocol'];
  readonly #mechanism: SecurityMechanism;
  #last: Promise<unknown> = Promise.resolve();

  constructor(mechanism: SecurityMechanism, protocol: MessageSealing['protocol']) {
    this.#mechanism = mechanism;
    this.protocol = protocol;
  }

  seal(plain: Uint8Array): Promise<SealedMessage> {
    return this.#inTurn(() => this.#mechanism.seal(plain));
  }

  unseal(header: Uint8Array, data: Uint8Array): Promise<Uint8Array> {
    return this.#inTurn(() => this.#mechanism.unseal(header, data));
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work, work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
