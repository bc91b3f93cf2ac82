/** A CHALLENGE_MESSAGE (MS-NLMP 2.2.1.2) as a server writes it, with whatever a test wants in it. */
export function challengeMessage(options: { flags: number; targetInfo?: Uint8Array; length?: number; offset?: number; type?: number }): Buffer {
  const info = options.targetInfo ?? new Uint8Array();
  const head = Buffer.alloc(56);
  head.write('NTLMSSP\0', 0, 'latin1');
  head.writeUInt32LE(options.type ?? 2, 8);
  head.writeUInt32LE(56, 16);
  head.writeUInt32LE(options.flags >>> 0, 20);
  head.write('0123456789abcdef', 24, 'hex');
  head.writeUInt16LE(options.length ?? info.length, 40);
  head.writeUInt16LE(options.length ?? info.length, 42);
  head.writeUInt32LE(options.offset ?? 56, 44);
  return Buffer.concat([head, info]);
}
