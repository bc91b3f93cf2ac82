import { PinFiles } from '../pin-files.ts';

/** A server's certificate that a person trusted. */
export interface CertificatePin {
  readonly host: string;
  readonly port: number;
  /** SHA-256 of the DER certificate, upper-case hexadecimal with colons. */
  readonly fingerprint: string;
}

/** A pin and where it is recorded, in words that help a person to find it. */
export interface RecordedCertificatePin extends CertificatePin {
  readonly where: string;
}

/** Our own store of trusted certificates, for servers that no certificate authority vouches for. */
export interface CertificatePins {
  /** Every certificate pinned for this host and port. Throws where the store cannot be read: the caller then refuses the server. */
  find(host: string, port: number): Promise<readonly RecordedCertificatePin[]>;
  /** Pins one more certificate. */
  add(pin: CertificatePin): Promise<void>;
  /** Drops every pin of this host and port, readable or not: the deliberate way to accept a new certificate. Returns how many there were. */
  forget(host: string, port: number): Promise<number>;
}

const fingerprintText = /^[0-9A-F]{2}(?::[0-9A-F]{2}){31}$/;

/** Pins as files of `directory`, one a certificate (pin-files.ts). */
export function createFileCertificatePins(directory: string): CertificatePins {
  const files = new PinFiles<string>(directory, {
    kind: 'certificate\'s record',
    name: (host, port) => `${host.toLowerCase()} ${port}`,
    identity: (fingerprint) => fingerprint,
    write: (fingerprint) => ({ sha256: fingerprint }),
    read: ({ sha256 }) => typeof sha256 === 'string' && fingerprintText.test(sha256) ? sha256 : undefined,
  });
  return {
    find: async (host, port) => (await files.find(host, port)).map(({ pinned, where }) => ({ host, port, fingerprint: pinned, where })),
    add: ({ host, port, fingerprint }) => files.add(host, port, fingerprint),
    forget: (host, port) => files.forget(host, port),
  };
}
