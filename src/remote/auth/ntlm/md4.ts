/** Size of an MD4 digest, in bytes. */
const digestSize = 16;
const shifts = [[3, 7, 11, 19], [3, 5, 9, 13], [3, 9, 11, 15]] as const;
/** The order in which each round reads the block's words. */
const order = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
  [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15],
  [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15],
] as const;
const constants = [0, 0x5a827999, 0x6ed9eba1] as const;

/** The MD4 digest (RFC 1320). Broken as a hash and gone from OpenSSL 3; NTLM derives its keys with it all the same. */
export function md4(message: Uint8Array): Buffer {
  const padded = pad(message);
  const state = Uint32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
  for (let at = 0; at < padded.length; at += 64) compress(state, padded, at);
  padded.fill(0);
  const digest = Buffer.alloc(digestSize);
  state.forEach((word, i) => { digest.writeUInt32LE(word, i * 4); });
  return digest;
}

/** Appends a one bit, zeros, and the length in bits as 64 bits little-endian (RFC 1320, 3.1 and 3.2). */
function pad(message: Uint8Array): Buffer {
  const padded = Buffer.alloc(Math.ceil((message.length + 9) / 64) * 64);
  padded.set(message);
  padded[message.length] = 0x80;
  padded.writeBigUInt64LE(BigInt(message.length) * 8n, padded.length - 8);
  return padded;
}

function compress(state: Uint32Array, block: Buffer, at: number): void {
  let [a = 0, b = 0, c = 0, d = 0] = state;
  for (let round = 0; round < 3; round++) {
    const words = order[round] ?? order[0];
    const shift = shifts[round] ?? shifts[0];
    const add = constants[round] ?? 0;
    for (let i = 0; i < 16; i++) {
      const sum = (a + mix(round, b, c, d) + block.readUInt32LE(at + (words[i] ?? 0) * 4) + add) >>> 0;
      const by = shift[i % 4] ?? 0;
      [a, b, c, d] = [d, (sum << by) | (sum >>> (32 - by)), b, c];
    }
  }
  state[0] = (state[0] ?? 0) + a;
  state[1] = (state[1] ?? 0) + b;
  state[2] = (state[2] ?? 0) + c;
  state[3] = (state[3] ?? 0) + d;
}

/** RFC 1320, 3.4: the functions F, G and H. */
function mix(round: number, x: number, y: number, z: number): number {
  if (round === 0) return (x & y) | (~x & z);
  if (round === 1) return (x & y) | (x & z) | (y & z);
  return x ^ y ^ z;
}
