import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { parseServersFile } from '../../../src/inventory/parse.ts';
import { systemClock } from '../../../src/providers/clock.ts';
import { Fleet } from '../../../src/providers/fleet.ts';
import { Semaphore } from '../../../src/providers/semaphore.ts';
import { loadDomain } from '../../../src/providers/server/domain.ts';
import { Journals } from '../../../src/storage/journals.ts';
import type { OwnerServices } from '../../../src/providers/server/owner.ts';
import { ServersTree } from '../../../src/providers/tree/provider.ts';
import type { ServersFiles } from '../../../src/providers/workspace/serversFiles.ts';
import type { SecureString } from '../../../src/session.ts';

const quiet = (): void => undefined;

/** A fleet over servers files of the test's own, with a way in of the test's own. */
export function testFleet(text: string, open: OwnerServices['open'], more: Partial<OwnerServices> = {}): { fleet: Fleet; tree: ServersTree; edit: (text: string) => void; dispose: () => void } {
  const changed = new vscode.EventEmitter<void>();
  const uri = vscode.Uri.file('/fleet.connect.yaml');
  const files = { files: [{ uri, content: parseServersFile(text, { home: '/home/test' }) }], onDidChange: changed.event, load: () => Promise.resolve() };
  const services: OwnerServices = {
    open,
    prompts: () => Promise.resolve({ trustHostKey: () => Promise.resolve(false), trustCertificate: () => Promise.resolve(false), password: () => Promise.resolve<SecureString | undefined>(undefined), passphrase: () => Promise.resolve<SecureString | undefined>(undefined), connected: () => Promise.resolve() }),
    person: () => Promise.reject(new Error('nobody is here')),
    domain: loadDomain, journals: new Journals(join(tmpdir(), randomUUID())), clock: systemClock,
    pins: () => ({ get: () => Promise.resolve(undefined), set: () => Promise.resolve() }),
    holder: () => ({ who: 'test', host: 'test', client: randomUUID() }), newId: randomUUID,
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    gate: new Semaphore(8), history: { load: () => [], add: quiet },
    ...more,
  };
  const fleet = new Fleet(files as unknown as ServersFiles, services);
  const tree = new ServersTree(files as unknown as ServersFiles, fleet);
  changed.fire();
  return {
    fleet, tree,
    edit: (next) => { files.files = [{ uri, content: parseServersFile(next, { home: '/home/test' }) }]; changed.fire(); },
    dispose: () => { tree.dispose(); fleet.dispose(); changed.dispose(); },
  };
}

/** A servers file with these servers, over SSH. */
export function serversFile(...names: readonly string[]): string {
  return `version: 1\ndefaults: { transport: ssh, role: active, user: engineer }\nservers:\n${names.map((name, n) => `  - { name: ${name}, host: 10.0.0.${n + 1} }\n`).join('')}`;
}
