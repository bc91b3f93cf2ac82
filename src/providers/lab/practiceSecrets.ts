import { randomInt } from 'node:crypto';

const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789';

/** Keys of a scenario whose values are names of secrets. */
const secretKeys: ReadonlySet<string> = new Set(['password', 'oldPassword', 'scmPassword', 'stored', 'secret']);

/** Fresh passwords for every name of a secret in a scenario, and for the two administrators. They open nothing but a practice server. */
export function practiceSecrets(scenario: unknown): Readonly<Record<string, string>> {
  const names = new Set(['entraAdmin', 'enterpriseAdmin']);
  const collect = (value: unknown, key: string): void => {
    if (typeof value === 'string') {
      if (secretKeys.has(key)) names.add(value);
    } else if (Array.isArray(value)) for (const item of value) collect(item, key);
    else if (typeof value === 'object' && value !== null) for (const [inner, item] of Object.entries(value)) collect(item, inner);
  };
  collect(scenario, '');
  return Object.fromEntries([...names].map((name) => [name, `Practice-${Array.from({ length: 8 }, () => letters.charAt(randomInt(letters.length))).join('')}`]));
}
