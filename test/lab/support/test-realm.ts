import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Guardian } from '../../../lab/guardian.ts';
import { labLayout } from '../../../lab/layout.ts';
import { startRealm, type RunningRealm } from '../../../lab/winrm/realm.ts';

/** The lab's private realm for a test of its own: LAB.EXAMPLE with the user labadmin, who has a ticket. */
export class TestRealm implements AsyncDisposable {
  readonly #folder: string;
  readonly #guardian: Guardian;
  readonly #realm: RunningRealm;

  private constructor(folder: string, guardian: Guardian, realm: RunningRealm) {
    this.#folder = folder;
    this.#guardian = guardian;
    this.#realm = realm;
  }

  static async start(): Promise<TestRealm> {
    const folder = mkdtempSync(join(tmpdir(), 'realm-'));
    const guardian = new Guardian(labLayout(process.cwd()));
    guardian.remove(folder);
    return new TestRealm(folder, guardian, await startRealm(join(folder, 'kerberos'), 'LAB.EXAMPLE', 'labadmin', randomBytes(12).toString('base64url'), guardian));
  }

  get principal(): string { return `labadmin@${this.#realm.realm}`; }

  /** What a listener or a client needs to use the realm. */
  get environment(): Readonly<Record<string, string>> { return this.#realm.serviceEnvironment; }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#realm.stop();
    rmSync(this.#folder, { recursive: true, force: true });
    await this.#guardian.dismiss();
  }
}
