import assert from 'node:assert/strict';
import { PlainSecret } from '../../../src/remote/clixml/values.ts';
import { RemoteError } from '../../../src/remote/error.ts';
import type { WinRmOptions } from '../../../src/remote/wsman/connection.ts';
import { openWinRm } from '../../../src/remote/wsman/connection.ts';
import type { WinRmLimits } from '../../../src/remote/wsman/limits.ts';
import type { CertificatePin, CertificatePins } from '../../../src/remote/wsman/pins.ts';
import type { CertificateQuestion, RemoteFailure, RemoteFailureReason, ServerConnection, WinRmTarget } from '../../../src/session.ts';
import { twoStepContext } from './fake-server.ts';

/** Pins in memory. */
export class MemoryPins implements CertificatePins {
  readonly pins: CertificatePin[] = [];

  find(host: string, port: number): ReturnType<CertificatePins['find']> {
    return Promise.resolve(this.pins.filter((pin) => pin.host === host && pin.port === port).map((pin) => ({ ...pin, where: 'memory' })));
  }

  add(pin: CertificatePin): Promise<void> {
    this.pins.push(pin);
    return Promise.resolve();
  }

  forget(): Promise<number> {
    return Promise.resolve(this.pins.splice(0).length);
  }
}

export interface Wanted {
  readonly port: number;
  readonly winrm?: Partial<WinRmTarget>;
  readonly limits?: Partial<WinRmLimits>;
  readonly pins?: CertificatePins;
  readonly trust?: (question: CertificateQuestion) => Promise<boolean>;
  readonly password?: (question: { readonly retry: boolean }) => string | undefined;
  readonly options?: Partial<WinRmOptions>;
}

/** Connects with the tests' own authentication over http, or with Basic over https. */
export async function connect(wanted: Wanted): Promise<ServerConnection> {
  const scheme = wanted.winrm?.scheme ?? 'http';
  return await openWinRm({
    server: 'AADC01 (test)', signal: new AbortController().signal, pins: wanted.pins ?? new MemoryPins(),
    ...scheme === 'http' ? { authenticate: () => Promise.resolve(twoStepContext('http')) } : {},
    limits: { retries: [0, 10, 10], lazySignal: 20, ...wanted.limits },
    target: {
      name: 'AADC01', host: '127.0.0.1', transport: 'winrm', port: wanted.port, user: 'engineer', identityFile: undefined,
      winrm: { scheme, auth: scheme === 'http' ? 'ntlm' : 'basic', caFile: undefined, certificateFile: undefined, keyFile: undefined, ...wanted.winrm },
    },
    prompts: {
      trustHostKey: () => Promise.resolve(false),
      trustCertificate: (question) => wanted.trust?.(question) ?? Promise.resolve(false),
      password: (question) => {
        const typed = wanted.password === undefined ? 'right' : wanted.password(question);
        return Promise.resolve(typed === undefined ? undefined : new PlainSecret(typed));
      },
      passphrase: () => Promise.resolve(undefined),
    },
    ...wanted.options,
  });
}

/** The failure that something has to end with. */
export async function failureOf(action: Promise<unknown>, reason: RemoteFailureReason): Promise<RemoteFailure> {
  const error: unknown = await action.then(() => assert.fail('it succeeded'), (e: unknown) => e);
  assert.ok(error instanceof RemoteError, String(error));
  assert.equal(error.failure.reason, reason, error.message);
  assert.equal(error.failure.server, 'AADC01 (test)');
  assert.ok(error.failure.message.length > 10 && error.failure.remedy.length > 10, error.message);
  return error.failure;
}
