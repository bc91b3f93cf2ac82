import type { SecureString } from '../../src/session.ts';

/** A secret as the product takes it from a password box: neither printed nor serialized by accident. */
export function secureString(text: string): SecureString {
  return {
    kind: 'secure-string',
    reveal: () => text,
    toString: () => '[secret]',
    toJSON: () => '[secret]',
  } as SecureString;
}
