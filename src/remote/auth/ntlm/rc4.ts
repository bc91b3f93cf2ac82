/**
 * An RC4 key stream that goes on from call to call, as NTLM's sealing wants it (MS-NLMP 3.4.3). Gone from OpenSSL 3 and
 * never in BoringSSL's list, hence our own.
 */
export class Rc4 {
  readonly #state = new Uint8Array(256);
  #i = 0;
  #j = 0;

  constructor(key: Uint8Array) {
    const state = this.#state;
    for (let i = 0; i < 256; i++) state[i] = i;
    for (let i = 0, j = 0; i < 256; i++) {
      const here = state[i] ?? 0;
      j = (j + here + (key[i % key.length] ?? 0)) & 255;
      state[i] = state[j] ?? 0;
      state[j] = here;
    }
  }

  /** Encrypts or decrypts (the same thing) the next bytes of the stream, into `output` where one is given: it may be the input. */
  update(input: Uint8Array, output: Buffer = Buffer.allocUnsafe(input.length)): Buffer {
    const state = this.#state;
    let i = this.#i;
    let j = this.#j;
    for (let at = 0; at < input.length; at++) {
      i = (i + 1) & 255;
      const a = state[i] ?? 0;
      j = (j + a) & 255;
      const b = state[j] ?? 0;
      state[i] = b;
      state[j] = a;
      output[at] = (input[at] ?? 0) ^ (state[(a + b) & 255] ?? 0);
    }
    this.#i = i;
    this.#j = j;
    return output;
  }

  /** Forgets the key; what comes out afterwards means nothing. */
  dispose(): void {
    this.#state.fill(0);
  }
}
