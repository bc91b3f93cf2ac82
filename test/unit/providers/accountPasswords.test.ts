import assert from 'node:assert/strict';
import { AccountPasswords, type Given } from '../../../src/providers/person/accountPasswords.ts';
import { secureText } from '../../../src/providers/person/secureText.ts';

const settled = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });

/** A person who types these, one after the other, and what was asked. */
function person(...typed: (string | undefined)[]): { asked: string[]; compared: string[]; same: boolean; take: (passwords: AccountPasswords, server: string, account?: string, signal?: AbortSignal) => Promise<Given | undefined> } {
  const made = {
    asked: [] as string[], compared: [] as string[], same: true,
    take: (passwords: AccountPasswords, server: string, account = 'CONTOSO\\admin', signal = new AbortController().signal) => passwords.take({
      account, server, signal,
      ask: () => { made.asked.push(server); const text = typed.shift(); return Promise.resolve(text === undefined ? undefined : secureText(text)); },
      same: (other) => { made.compared.push(`${server} as ${other}`); return Promise.resolve(made.same); },
    }),
  };
  return made;
}

describe('passwords of accounts', () => {
  it('are asked once for twenty servers', async () => {
    const passwords = new AccountPasswords();
    const { asked, take } = person('right');
    const used = await Promise.all(Array.from({ length: 20 }, async (_, n) => {
      const given = await take(passwords, `S${n}`);
      given?.over('proved');
      return given?.password.reveal();
    }));
    assert.deepEqual([asked, new Set(used)], [['S0'], new Set(['right'])]);
  });

  it('reach one server only until one proved them: a wrong one is tried once', async () => {
    const passwords = new AccountPasswords();
    const { asked, take } = person('wrong', 'right');
    const taken: { server: string; given: Given }[] = [];
    const waiting = ['A', 'B', 'C'].map(async (server) => { const given = await take(passwords, server, 'contoso\\ADMIN'); if (given !== undefined) taken.push({ server, given }); });
    await settled();
    assert.deepEqual(taken.map(({ server, given }) => [server, given.password.reveal()]), [['A', 'wrong']]);
    taken[0]!.given.over('refused');
    await settled();
    assert.deepEqual(taken.slice(1).map(({ server, given }) => [server, given.password.reveal()]), [['B', 'right']]);
    taken[1]!.given.over('proved');
    await Promise.all(waiting);
    assert.deepEqual(asked, ['A', 'B']);
    assert.equal(taken[2]?.given.password.reveal(), 'right');
    assert.equal(taken[2].given.typed, false);
  });

  it('are not asked again where the first server failed before it could try them', async () => {
    const passwords = new AccountPasswords();
    const { asked, take } = person('right');
    (await take(passwords, 'A'))!.over('untried');
    assert.equal((await take(passwords, 'B'))?.password.reveal(), 'right');
    assert.deepEqual(asked, ['A']);
  });

  it('of an account without a domain are shared only by the person\'s word, given once', async () => {
    const passwords = new AccountPasswords();
    const yes = person('one');
    (await yes.take(passwords, 'A', 'administrator'))!.over('proved');
    for (const server of ['B', 'C']) (await yes.take(passwords, server, 'administrator'))!.over('proved');
    assert.deepEqual([yes.asked, yes.compared], [['A'], ['B as A']]);
    const no = person('for A', 'for B', 'for C');
    no.same = false;
    const own = new AccountPasswords();
    const used = [];
    for (const server of ['A', 'B', 'C']) {
      const given = await no.take(own, server, '.\\administrator');
      given!.over('proved');
      used.push(given!.password.reveal());
    }
    assert.deepEqual([used, no.compared], [['for A', 'for B', 'for C'], ['B as A']]);
  });

  it('hold nobody up where the person declines, or whoever waited was cancelled', async () => {
    const passwords = new AccountPasswords();
    const { asked, take } = person(undefined, 'right');
    const cancelled = new AbortController();
    const first = take(passwords, 'A');
    const second = take(passwords, 'B', 'CONTOSO\\admin', cancelled.signal);
    const third = take(passwords, 'C');
    cancelled.abort();
    assert.deepEqual([await first, await second, (await third)?.password.reveal()], [undefined, undefined, 'right']);
    assert.deepEqual(asked, ['A', 'C']);
  });

  it('are forgotten', async () => {
    const passwords = new AccountPasswords();
    const { asked, take } = person('one', 'two');
    (await take(passwords, 'A'))!.over('proved');
    passwords.forget();
    assert.equal((await take(passwords, 'A'))?.password.reveal(), 'two');
    assert.equal(asked.length, 2);
  });
});
