import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import ssh2, { type AuthContext, type AuthenticationType, type Connection, type ServerChannel } from 'ssh2';

/** What a bridge does other than letting everybody in and running the engine. */
export interface BridgeOptions {
  /** Private host keys, OpenSSH format; default one fresh Ed25519 key. */
  readonly hostKeys?: readonly string[];
  /** Decides an authentication attempt; default accepts all. */
  readonly authenticate?: (context: AuthContext) => void;
  /** Handles an exec request; default runs the engine whatever the command. Return false to refuse the request. */
  readonly exec?: (command: string, accept: () => ServerChannel, bridge: Bridge) => boolean;
  /** Sees each raw socket first; return false to keep it from the SSH server. */
  readonly socket?: (socket: Socket) => boolean;
  /** Whether a connection is carried further to a place on this machine; default never. */
  readonly forward?: (place: string) => boolean;
  /** The only compression that the server speaks. */
  readonly compress?: ('zlib')[];
}

/** ssh2's own server on a free port of 127.0.0.1, its exec requests bridged to real engines. */
export interface Bridge {
  readonly port: number;
  /** Public host keys, as blobs. */
  readonly hostKeys: readonly Buffer[];
  readonly commands: string[];
  /** Where connections were carried to. */
  readonly forwarded: string[];
  readonly attempts: { method: AuthenticationType; password?: string }[];
  readonly sockets: Set<Socket>;
  readonly engines: Set<ChildProcess>;
  readonly connections: Set<Connection>;
  /** How many clients asked for a terminal. */
  terminals: number;
  /** Connects a channel to a new engine. */
  bridgeEngine(stream: ServerChannel): ChildProcess;
  close(): Promise<void>;
}

/** A fresh host or client key pair in OpenSSH format. */
export function newKey(type: 'ed25519' | 'ecdsa' | 'rsa' = 'ed25519', protection?: { passphrase: string }): { private: string; public: string } {
  const options = protection === undefined ? {} : { ...protection, cipher: 'aes256-ctr', rounds: 4 };
  for (;;) {
    const pair = type === 'rsa'
      ? ssh2.utils.generateKeyPairSync('rsa', { bits: 2048, ...options })
      : type === 'ecdsa' ? ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256, ...options }) : ssh2.utils.generateKeyPairSync('ed25519', options);
    // Now and then ssh2 writes a key that it cannot read itself (a leading zero byte is lost).
    if (!(ssh2.utils.parseKey(pair.private, protection?.passphrase) instanceof Error)) return pair;
  }
}

/** The public key blob of a private or public key. */
export function blobOf(key: string): Buffer {
  const parsed = ssh2.utils.parseKey(key);
  if (parsed instanceof Error) throw parsed;
  return parsed.getPublicSSH();
}

/** Starts a bridge. */
export async function startBridge(options: BridgeOptions = {}): Promise<Bridge> {
  const hostKeys = [...(options.hostKeys ?? [newKey().private])];
  const home = await mkdtemp(join(tmpdir(), 'ssh-bridge-'));
  const server = new ssh2.Server({ hostKeys, ...(options.compress === undefined ? {} : { algorithms: { compress: options.compress } }) }, (client) => { serve(client); });
  const listener = createServer({ noDelay: true }, (socket) => {
    bridge.sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => { bridge.sockets.delete(socket); });
    if (options.socket?.(socket) !== false) server.injectSocket(socket);
  });
  await new Promise<void>((done) => { listener.listen(0, '127.0.0.1', done); });
  const bridge: Bridge = {
    port: (listener.address() as AddressInfo).port,
    hostKeys: hostKeys.map(blobOf),
    commands: [], forwarded: [], attempts: [], sockets: new Set(), engines: new Set(), connections: new Set(), terminals: 0,
    bridgeEngine,
    async close() {
      const gone = [...bridge.engines].map((engine) => new Promise((done) => { engine.once('close', done); engine.kill('SIGKILL'); }));
      for (const socket of bridge.sockets) socket.destroy();
      await Promise.all(gone);
      await new Promise((done) => { listener.close(done); });
      await rm(home, { recursive: true, force: true });
    },
  };

  function serve(client: Connection): void {
    bridge.connections.add(client);
    client.on('error', () => undefined);
    client.on('close', () => { bridge.connections.delete(client); });
    client.on('authentication', (context) => {
      bridge.attempts.push(context.method === 'password' ? { method: context.method, password: context.password } : { method: context.method });
      if (options.authenticate === undefined) context.accept();
      else options.authenticate(context);
    });
    client.on('tcpip', (accept, reject, { destIP, destPort }) => {
      const place = `${destIP}:${destPort}`;
      if (options.forward?.(place) !== true) {
        reject();
        return;
      }
      bridge.forwarded.push(place);
      const onward = connect({ host: '127.0.0.1', port: destPort });
      bridge.sockets.add(onward);
      onward.on('close', () => { bridge.sockets.delete(onward); });
      onward.once('error', () => { reject(); });
      onward.once('connect', () => {
        const stream = accept();
        stream.on('error', () => undefined);
        stream.on('close', () => { onward.destroy(); });
        onward.on('close', () => { stream.end(); });
        onward.pipe(stream);
        stream.pipe(onward);
      });
    });
    client.on('session', (acceptSession) => {
      const session = acceptSession();
      session.on('pty', (accept) => {
        bridge.terminals += 1;
        accept();
      });
      session.on('exec', (accept, reject, { command }) => {
        bridge.commands.push(command);
        const taken = options.exec === undefined ? (bridgeEngine(accept()), true) : options.exec(command, accept, bridge);
        if (!taken) reject();
      });
    });
  }

  function bridgeEngine(stream: ServerChannel): ChildProcess {
    const engine = spawn(resolve('.cache/engine/practice-engine'), [], {
      env: { PATH: process.env['PATH'], HOME: home, TMPDIR: home, POWERSHELL_TELEMETRY_OPTOUT: '1' },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    bridge.engines.add(engine);
    engine.on('error', () => undefined);
    engine.stdin.on('error', () => undefined);
    stream.on('error', () => undefined);
    stream.pipe(engine.stdin);
    engine.stdout.pipe(stream, { end: false });
    engine.stderr.pipe(stream.stderr, { end: false });
    engine.on('close', (code) => {
      bridge.engines.delete(engine);
      stream.exit(code ?? 1);
      stream.end();
    });
    stream.on('close', () => { engine.kill('SIGKILL'); });
    return engine;
  }
  return bridge;
}
