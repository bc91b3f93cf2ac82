import type { AuthContext } from 'ssh2';
import { Client } from '../../lab/support/ssh-client.ts';
import { blobOf, startBridge, type Bridge, type BridgeOptions } from '../../lab/support/ssh-bridge.ts';

/** A person's machine and the SSH servers of one test. */
export class Scene {
  readonly client: Client;
  readonly bridges: Bridge[] = [];

  private constructor(client: Client) {
    this.client = client;
  }

  static async create(): Promise<Scene> {
    return new Scene(await Client.create());
  }

  /** Starts a server whose host key is known. */
  async serve(options: BridgeOptions = {}): Promise<Bridge> {
    const bridge = await this.unknown(options);
    await this.client.pins.add({ host: '127.0.0.1', port: bridge.port, key: bridge.hostKeys[0]! });
    return bridge;
  }

  /** Starts a server whose host key nobody knows. */
  async unknown(options: BridgeOptions = {}): Promise<Bridge> {
    const bridge = await startBridge(options);
    this.bridges.push(bridge);
    return bridge;
  }

  async dispose(): Promise<void> {
    await this.client.dispose();
    for (const bridge of this.bridges) await bridge.close();
  }
}

/** Lets in who holds one of the keys. */
export function keys(...publicKeys: string[]): (context: AuthContext) => void {
  const blobs = publicKeys.map(blobOf);
  return (context) => {
    if (context.method === 'publickey' && blobs.some((blob) => context.key.data.equals(blob))) context.accept();
    else context.reject(['publickey', 'password']);
  };
}

/** Lets in who knows the password. */
export function password(right: string): (context: AuthContext) => void {
  return (context) => {
    if (context.method === 'password' && context.password === right) context.accept();
    else context.reject(['password']);
  };
}
