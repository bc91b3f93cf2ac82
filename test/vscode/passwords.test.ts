import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { Passwords, type PasswordName } from '../../src/providers/person/passwords.ts';
import { secureText } from '../../src/providers/person/secureText.ts';

/** The editor's two stores, in memory. */
function stores(): { secrets: vscode.SecretStorage & { map: Map<string, string> }; memory: vscode.Memento & { map: Map<string, unknown> } } {
  const map = new Map<string, string>();
  const values = new Map<string, unknown>();
  return {
    secrets: {
      map, get: (key) => Promise.resolve(map.get(key)), store: (key, value) => { map.set(key, value); return Promise.resolve(); },
      delete: (key) => { map.delete(key); return Promise.resolve(); }, onDidChange: new vscode.EventEmitter<vscode.SecretStorageChangeEvent>().event,
    },
    memory: { map: values, keys: () => [...values.keys()], get: <T>(key: string, other?: T) => (values.get(key) ?? other) as T, update: (key, value) => { values.set(key, value); return Promise.resolve(); } },
  };
}

describe('kept passwords', () => {
  const name: PasswordName = { server: 'A (h:22)', purpose: 'sign-in', account: 'CONTOSO\\eng' };
  const canary = 'canary-Pa55word';

  it('are in the secret storage and nowhere else', async () => {
    const { secrets, memory } = stores();
    const hidden: string[] = [];
    const passwords = new Passwords(secrets, memory, (secret) => hidden.push(secret));
    await passwords.keep(name, secureText(canary));
    assert.deepEqual([...secrets.map.values()], [canary]);
    assert.doesNotMatch(JSON.stringify([...memory.map]), /canary/);
    assert.doesNotMatch([...secrets.map.keys()].join(), /canary/);
    assert.equal((await passwords.find(name))?.reveal(), canary);
    assert.deepEqual(hidden, [canary], 'the log has to know what to hide');
    assert.equal(await passwords.find({ ...name, account: 'other' }), undefined);
    assert.equal(await passwords.find({ ...name, server: 'B (h:22)' }), undefined);
  });

  it('are forgotten one by one or all', async () => {
    const { secrets, memory } = stores();
    const passwords = new Passwords(secrets, memory, () => undefined);
    for (const account of ['a', 'b', 'c']) await passwords.keep({ ...name, account }, secureText(account.repeat(5)));
    assert.equal(await passwords.forget((other) => other.account === 'b'), 1);
    assert.deepEqual(passwords.kept().map((other) => other.account), ['a', 'c']);
    assert.equal(await passwords.find({ ...name, account: 'b' }), undefined);
    assert.equal(await passwords.forget(() => true), 2);
    assert.equal(secrets.map.size, 0);
    assert.deepEqual(passwords.kept(), []);
  });

  it('do not print or serialize themselves', () => {
    const secret = secureText(canary);
    assert.doesNotMatch(`${JSON.stringify({ secret })}${(secret as unknown as { toString(): string }).toString()}${JSON.stringify(Object.entries(secret))}`, /canary/);
    assert.equal(secret.reveal(), canary);
  });
});
