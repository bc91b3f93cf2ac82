import type { SecureString } from '../../session.ts';

/** Who wants an account's password, and how it is got where it is not known. */
export interface PasswordWish {
  readonly account: string;
  /** Asks the person; undefined: declined. */
  ask(): Promise<SecureString | undefined>;
  /** An account without a domain may be another one on each server: asks whether it is the same as on that server. */
  same(server: string): Promise<boolean>;
  readonly server: string;
  /** Aborted: whoever waits gives up its turn. */
  readonly signal: AbortSignal;
}

/** What somebody got, and what became of it. */
export interface Given {
  readonly password: SecureString;
  /** A person typed it for this server, so it may be offered to be kept. */
  readonly typed: boolean;
  /** It opened the connection, was refused, or neither: the connection failed for another reason. */
  over(outcome: 'proved' | 'refused' | 'untried'): void;
}

interface Held {
  password: SecureString | undefined;
  /** It opened a connection. */
  proved: boolean;
  /** For which server it was typed. */
  from: string;
  /** Others wait for its proof. */
  tail: Promise<void>;
  /** Answers about accounts without a domain. */
  shared: boolean | undefined;
}

/**
 * Passwords of accounts in this window's memory: asked once for many servers. As long as nobody has proved one, only one server
 * tries it at a time and the others wait: a wrong password reaches one server, once, and locks no account.
 */
export class AccountPasswords {
  readonly #held = new Map<string, Held>();

  /** The password of an account, from memory or asked once its turn comes. `over` must be called in the end. Undefined: declined. */
  async take(wish: PasswordWish): Promise<Given | undefined> {
    const held = this.#of(wish);
    if (held.proved) return await this.#known(held, wish) ?? await this.#ask(held, wish);
    const before = held.tail;
    let release: () => void = () => undefined;
    held.tail = new Promise((resolve) => { release = resolve; });
    const own = held.tail;
    await before;
    try {
      const given = wish.signal.aborted ? undefined : await this.#known(held, wish) ?? await this.#ask(held, wish);
      if (given === undefined) {
        release();
        return undefined;
      }
      if (isProved(held)) release();
      return { ...given, over: (outcome) => { given.over(outcome); release(); } };
    } catch (error) {
      release();
      throw error;
    } finally {
      if (held.tail === own) void own.then(() => { if (held.tail === own) held.tail = Promise.resolve(); });
    }
  }

  /** Forgets everything, or one account. */
  forget(account?: string): void {
    if (account === undefined) this.#held.clear();
    else for (const key of this.#held.keys()) if (key === keyOf(account)) this.#held.delete(key);
  }

  async #known(held: Held, wish: PasswordWish): Promise<Given | undefined> {
    const { password } = held;
    if (password === undefined) return undefined;
    if (held.from !== wish.server && !hasDomain(wish.account)) {
      held.shared ??= await wish.same(held.from);
      if (!held.shared) return undefined;
    }
    return this.#given(held, password, false);
  }

  async #ask(held: Held, wish: PasswordWish): Promise<Given | undefined> {
    const password = await wish.ask();
    if (password === undefined) return undefined;
    // Where servers have passwords of their own, one is not remembered for the others.
    if (held.shared === false) return { password, typed: true, over: () => undefined };
    held.password = password;
    held.proved = false;
    held.from = wish.server;
    return this.#given(held, password, true);
  }

  #given(held: Held, password: SecureString, typed: boolean): Given {
    return {
      password, typed,
      over: (outcome) => {
        if (held.password !== password) return;
        if (outcome === 'proved') held.proved = true;
        if (outcome !== 'refused') return;
        held.password = undefined;
        held.proved = false;
      },
    };
  }

  #of({ account, server }: PasswordWish): Held {
    const key = keyOf(account);
    const held = this.#held.get(key) ?? { password: undefined, proved: false, from: server, tail: Promise.resolve(), shared: undefined };
    this.#held.set(key, held);
    return held;
  }
}

/** Asked anew: another server may have proved it meanwhile. */
function isProved(held: Held): boolean {
  return held.proved;
}

/** The domain says that an account is the same one on every server. */
function hasDomain(account: string): boolean {
  return /^(?!\.\\|localhost\\).+\\.+|.+@.+/i.test(account);
}

function keyOf(account: string): string {
  return account.toLowerCase();
}
