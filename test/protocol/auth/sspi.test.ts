import assert from 'node:assert/strict';
import { AuthError } from '../../../src/remote/auth/error.ts';
import { KerberosFailure } from '../../../src/remote/auth/kerberos/failure.ts';
import { loadKoffi, type Koffi } from '../../../src/remote/auth/kerberos/koffi.ts';
import { SspiKerberos } from '../../../src/remote/auth/kerberos/sspi-context.ts';
import { SspiLibrary } from '../../../src/remote/auth/kerberos/sspi-library.ts';

type Argument = Buffer | bigint | number | null;
type Handler = (args: readonly Argument[], windows: SimulatedWindows) => number;

/** Structures of sspi.h as their documentation prints them, laid out by koffi and not by hand. */
interface SecBufferView { cbBuffer: number; BufferType: number; pvBuffer: bigint }

/**
 * A stand-in for secur32.dll that reads its arguments as Windows' headers declare them. It proves that structures and
 * argument lists are what the documentation says; what Windows makes of them was not run.
 */
class SimulatedWindows {
  readonly calls: string[] = [];
  readonly #koffi: Koffi;
  readonly #handlers: Readonly<Record<string, Handler>>;
  readonly #types: { desc: ReturnType<Koffi['struct']>; buffer: ReturnType<Koffi['struct']>; identity: ReturnType<Koffi['struct']>; bindings: ReturnType<Koffi['struct']> };

  constructor(koffi: Koffi, handlers: Readonly<Record<string, Handler>>) {
    this.#koffi = koffi;
    this.#handlers = handlers;
    const u = 'uint32_t';
    const p = 'void *';
    this.#types = {
      desc: koffi.struct({ ulVersion: u, cBuffers: u, pBuffers: p }),
      buffer: koffi.struct({ cbBuffer: u, BufferType: u, pvBuffer: p }),
      identity: koffi.struct({ User: p, UserLength: u, Domain: p, DomainLength: u, Password: p, PasswordLength: u, Flags: u }),
      bindings: koffi.struct({ initiatorType: u, initiatorLength: u, initiatorOffset: u, acceptorType: u, acceptorLength: u, acceptorOffset: u, dataLength: u, dataOffset: u }),
    };
  }

  /** What the product takes for koffi: only loading differs. */
  get koffi(): Koffi {
    const func = (convention: string, name: string, result: string, types: readonly string[]): unknown => {
      assert.deepEqual([convention, result], ['__stdcall', 'int32_t']);
      const call = (...args: Argument[]): number => {
        this.calls.push(name);
        assert.equal(args.length, types.length, `${name} takes ${types.length} arguments`);
        args.forEach((arg, i) => { assert.equal(typeof arg === 'number', types[i] === 'uint32_t', `${name}, argument ${i}`); });
        return (this.#handlers[name]?.(args, this) ?? 0) | 0;
      };
      const async = (...args: unknown[]): void => {
        const done = args.pop() as (error: unknown, status: number) => void;
        const status = call(...args as Argument[]);
        setImmediate(() => { done(null, status); });
      };
      return Object.assign(call, { async });
    };
    return { ...this.#koffi, load: () => ({ func }) } as unknown as Koffi;
  }

  buffers(descriptor: Argument | undefined): (SecBufferView & { read(): Buffer; write(bytes: Uint8Array): void })[] {
    assert.ok(Buffer.isBuffer(descriptor));
    const desc = this.#koffi.decode(descriptor, this.#types.desc) as { ulVersion: number; cBuffers: number; pBuffers: bigint };
    assert.equal(desc.ulVersion, 0);
    return Array.from({ length: desc.cBuffers }, (_, i) => {
      const at = desc.pBuffers + BigInt(i * this.#koffi.sizeof(this.#types.buffer));
      const view = this.#koffi.decode(at, this.#types.buffer) as SecBufferView;
      return {
        ...view,
        read: () => view.cbBuffer === 0 ? Buffer.alloc(0) : Buffer.from(this.#koffi.decode(view.pvBuffer, 'uint8_t', view.cbBuffer) as Uint8Array),
        write: (bytes) => {
          assert.ok(bytes.length <= view.cbBuffer);
          bytes.forEach((byte, n) => { this.#koffi.encode(view.pvBuffer + BigInt(n), 'uint8_t', byte); });
          this.#koffi.encode(at, 'uint32_t', bytes.length);
        },
      };
    });
  }

  identity(pointer: Argument | undefined): { user: string; domain: string; password: string; flags: number } {
    assert.ok(Buffer.isBuffer(pointer));
    const raw = this.#koffi.decode(pointer, this.#types.identity) as { User: bigint; UserLength: number; Domain: bigint; DomainLength: number; Password: bigint; PasswordLength: number; Flags: number };
    const text = (at: bigint, length: number): string => length === 0 ? '' : Buffer.from(this.#koffi.decode(at, 'uint8_t', length * 2) as Uint8Array).toString('utf16le');
    return { user: text(raw.User, raw.UserLength), domain: text(raw.Domain, raw.DomainLength), password: text(raw.Password, raw.PasswordLength), flags: raw.Flags };
  }

  applicationData(bindings: Buffer): Buffer {
    const raw = this.#koffi.decode(bindings, this.#types.bindings) as { dataLength: number; dataOffset: number };
    return bindings.subarray(raw.dataOffset, raw.dataOffset + raw.dataLength);
  }
}

const wide = (text: string): string => Buffer.from(`${text}\0`, 'utf16le').toString('hex');
const bytesOf = (arg: Argument | undefined): Buffer => {
  assert.ok(Buffer.isBuffer(arg));
  return arg;
};
/** SEC_I_CONTINUE_NEEDED, and ISC_RET_ mutual, replay, sequence, confidentiality, integrity. */
const goOn = 0x00090312;
const allFlags = 0x1001e;

/** A context that is done after the server's answer, with the sizes of AES. */
const handlers: Readonly<Record<string, Handler>> = {
  AcquireCredentialsHandleW: ([principal, name, use, logon, identity], windows) => {
    assert.deepEqual([principal, bytesOf(name).toString('hex'), use, logon], [null, wide('Kerberos'), 2, null]);
    assert.deepEqual(windows.identity(identity), { user: 'engineer', domain: 'CONTOSO.EXAMPLE', password: 'päss', flags: 2 });
    return 0;
  },
  InitializeSecurityContextW: ([, context, target, flags, reserved, representation, input, reserved2, , output, attributes], windows) => {
    assert.deepEqual([bytesOf(target).toString('hex'), flags, reserved, representation, reserved2], [wide('host/connect01'), allFlags, 0, 0x10, 0]);
    const inputs = windows.buffers(input);
    assert.equal(windows.applicationData(inputs[inputs.length - 1]?.read() ?? Buffer.alloc(0)).toString(), 'tls-server-end-point:x');
    const [token] = windows.buffers(output);
    assert.deepEqual([token?.BufferType, token?.cbBuffer], [2, 65_535]);
    if (context === null) {
      token?.write(Buffer.from('AP-REQ'));
      return goOn;
    }
    assert.deepEqual([inputs[0]?.BufferType, inputs[0]?.read().toString()], [2, 'AP-REP']);
    token?.write(Buffer.alloc(0));
    bytesOf(attributes).writeUInt32LE(allFlags);
    return 0;
  },
  QueryContextAttributesW: ([, attribute, sizes]) => {
    assert.equal(attribute, 0);
    [12_000, 28, 16, 60].forEach((size, i) => { bytesOf(sizes).writeUInt32LE(size, i * 4); });
    return 0;
  },
  EncryptMessage: ([, quality, descriptor, sequence], windows) => {
    const [token, data, padding] = windows.buffers(descriptor);
    assert.deepEqual([quality, sequence, token?.BufferType, token?.cbBuffer, data?.BufferType, padding?.BufferType, padding?.cbBuffer], [0, 0, 2, 60, 1, 9, 16]);
    token?.write(Buffer.alloc(60, 1));
    data?.write(data.read().map((byte) => byte ^ 0xff));
    padding?.write(Buffer.alloc(0));
    return 0;
  },
  DecryptMessage: ([, descriptor, sequence, quality], windows) => {
    const [token, data] = windows.buffers(descriptor);
    assert.equal(sequence, 0);
    if (token?.read()[0] === 2) return 0x8009030f;
    bytesOf(quality).writeUInt32LE(token?.read()[0] === 3 ? 0x80000001 : 0);
    data?.write(data.read().map((byte) => byte ^ 0xff));
    return 0;
  },
  MakeSignature: ([, , descriptor], windows) => {
    const [data, token] = windows.buffers(descriptor);
    assert.deepEqual([data?.BufferType, token?.BufferType, token?.cbBuffer], [1, 2, 28]);
    token?.write(Buffer.from(`signed ${data?.read().toString() ?? ''}`));
    return 0;
  },
  VerifySignature: ([, descriptor], windows) => windows.buffers(descriptor)[1]?.read().toString() === 'genuine' ? 0 : 0x8009030f,
};

const options = {
  service: 'host/connect01', principal: { user: 'engineer', realm: 'CONTOSO.EXAMPLE' }, password: (): string => 'päss', channelBinding: Buffer.from('tls-server-end-point:x'),
};

describe('Kerberos by SSPI, against a stand-in for secur32.dll', () => {
  const open = async (changed: Readonly<Record<string, Handler>> = {}): Promise<{ windows: SimulatedWindows; kerberos: SspiKerberos }> => {
    const windows = new SimulatedWindows(await loadKoffi(), { ...handlers, ...changed });
    return { windows, kerberos: new SspiKerberos(new SspiLibrary(windows.koffi)) };
  };

  it('passes structures and arguments as sspi.h declares them', async () => {
    const { windows, kerberos } = await open();
    const context = await kerberos.open(options);
    const first = await context.step(undefined);
    assert.deepEqual([Buffer.from(first.token ?? []).toString(), first.done], ['AP-REQ', false]);
    assert.deepEqual(await context.step(Buffer.from('AP-REP')), { token: undefined, done: true });
    const sealed = await context.seal(Buffer.from('plain'));
    assert.deepEqual([sealed.header.length, sealed.data.length, sealed.padding], [60, 5, 0]);
    assert.equal(Buffer.from(await context.unseal(sealed.header, sealed.data)).toString(), 'plain');
    assert.equal(Buffer.from(await context.sign(Buffer.from('list'))).toString(), 'signed list');
    await context.verify(Buffer.from('list'), Buffer.from('genuine'));
    context.release();
    assert.deepEqual(windows.calls.slice(-2), ['DeleteSecurityContext', 'FreeCredentialsHandle']);
  });

  it('refuses what Windows refuses, and what was not encrypted', async () => {
    const { kerberos } = await open();
    const context = await kerberos.open(options);
    await context.step(undefined);
    await context.step(Buffer.from('AP-REP'));
    await assert.rejects(context.unseal(Buffer.alloc(60, 2), Buffer.from('x')), AuthError);
    await assert.rejects(context.unseal(Buffer.alloc(60, 3), Buffer.from('x')), /not encrypted/);
    await assert.rejects(context.verify(Buffer.from('list'), Buffer.from('forged')), AuthError);
  });

  it('refuses a server that did not prove itself', async () => {
    const { kerberos } = await open({ InitializeSecurityContextW: (args) => { bytesOf(args[10]).writeUInt32LE(allFlags & ~2); return args[1] === null ? goOn : 0; } });
    const context = await kerberos.open(options);
    await context.step(undefined);
    await assert.rejects(context.step(Buffer.from('AP-REP')), /did not prove/);
  });

  for (const [status, kind] of [[0x80090303, 'service-unknown'], [0x8009030c, 'credentials-refused'], [0x8009030e, 'no-ticket'], [0x80090324, 'clock-skew'], [0x80090304, 'other']] as const) {
    it(`takes status 0x${status.toString(16)} for ${kind}`, async () => {
      const { kerberos } = await open({ InitializeSecurityContextW: () => status });
      const context = await kerberos.open(options);
      await assert.rejects(context.step(undefined), (error) => error instanceof KerberosFailure && error.kind === kind);
    });
  }
});
