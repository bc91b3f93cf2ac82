import { PinFiles } from '../pin-files.ts';
import { keyType, recordedName } from './host-key.ts';

/** A host key that a person trusted. */
export interface HostKeyPin {
  readonly host: string;
  readonly port: number;
  /** The public key blob. */
  readonly key: Uint8Array;
}

/** A pin and where it is recorded, in words that help a person to find it. */
export interface RecordedPin extends HostKeyPin {
  readonly where: string;
}

/** Our own store of trusted host keys; known_hosts stays the person's. */
export interface HostKeyPins {
  /** Every key pinned for this host and port. Throws where the store cannot be read: the caller then refuses the host. */
  find(host: string, port: number): Promise<readonly RecordedPin[]>;
  /** Pins one more key. */
  add(pin: HostKeyPin): Promise<void>;
  /** Drops every pin of this host and port, readable or not: the deliberate way to accept a new key. Returns how many there were. */
  forget(host: string, port: number): Promise<number>;
}

/** Pins as files of `directory`, one a key (pin-files.ts). */
export function createFileHostKeyPins(directory: string): HostKeyPins {
  const files = new PinFiles<Uint8Array>(directory, {
    kind: 'host key record',
    name: recordedName,
    identity: (key) => Buffer.from(key).toString('base64'),
    write: (key) => ({ type: keyType(key) ?? '', key: Buffer.from(key).toString('base64') }),
    read: ({ key }) => {
      const blob = typeof key === 'string' ? Buffer.from(key, 'base64') : Buffer.alloc(0);
      return keyType(blob) === undefined ? undefined : blob;
    },
  });
  return {
    find: async (host, port) => (await files.find(host, port)).map(({ pinned, where }) => ({ host, port, key: pinned, where })),
    add: ({ host, port, key }) => files.add(host, port, key),
    forget: (host, port) => files.forget(host, port),
  };
}
