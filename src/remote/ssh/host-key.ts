import { createHash } from 'node:crypto';

/** The fingerprint of a public key blob as OpenSSH prints it: `SHA256:` and unpadded base64. */
export function fingerprint(key: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** The key type that a public key blob states about itself (RFC 4253, 6.6), undefined where it is none. */
export function keyType(key: Uint8Array): string | undefined {
  if (key.length < 4) return undefined;
  const length = new DataView(key.buffer, key.byteOffset, key.byteLength).getUint32(0);
  if (length === 0 || length > 64 || 4 + length > key.length) return undefined;
  const type = Buffer.from(key.buffer, key.byteOffset + 4, length).toString('latin1');
  return /^[\x21-\x7e]+$/.test(type) ? type : undefined;
}

/** Whether two key blobs are the same key. Public data: timing does not matter. */
export function sameKey(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}

/** The name under which OpenSSH records a host (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT): lower case, `[host]:port` unless the port is 22. */
export function recordedName(host: string, port: number): string {
  const name = host.toLowerCase();
  return port === 22 ? name : `[${name}]:${port}`;
}

const signatureAlgorithms = {
  'ssh-ed25519': ['ssh-ed25519'],
  'ecdsa-sha2-nistp256': ['ecdsa-sha2-nistp256'],
  'ecdsa-sha2-nistp384': ['ecdsa-sha2-nistp384'],
  'ecdsa-sha2-nistp521': ['ecdsa-sha2-nistp521'],
  // RFC 8332: an RSA key keeps its type and signs with SHA-2; plain `ssh-rsa` would be SHA-1.
  'ssh-rsa': ['rsa-sha2-512', 'rsa-sha2-256'],
} as const;

export type SignatureAlgorithm = (typeof signatureAlgorithms)[keyof typeof signatureAlgorithms][number];

/**
 * The host key algorithms to offer first: those whose keys are known, so that a server with several keys shows the
 * known one and does not look changed.
 */
export function algorithmsOf(knownTypes: readonly string[]): SignatureAlgorithm[] {
  const known = Object.entries(signatureAlgorithms).filter(([type]) => knownTypes.includes(type));
  return known.flatMap(([, algorithms]) => [...algorithms]);
}
