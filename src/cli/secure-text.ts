import type { SecureString } from '../session.ts';

/** A secret that neither prints nor serializes itself; only `reveal` gives it away. */
export function secureText(text: string): SecureString {
  return Object.freeze({ kind: 'secure-string' as const, reveal: () => text, toJSON: () => '(hidden)', toString: () => '(hidden)' });
}
