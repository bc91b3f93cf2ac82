import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { LabLayout } from '../layout.ts';
import type { PracticeServers } from '../practice-servers.ts';
import type { SimulatedServer } from '../server.ts';
import { AutomaticPerson } from './automatic-person.ts';
import { journalFile } from './journal-file.ts';
import { LabServer } from './lab-server.ts';
import type { TryOptions } from './options.ts';
import { repair, type RoundsResult } from './rounds.ts';

/** How one running server is tried. */
export type AttemptOptions = Pick<TryOptions, 'transport' | 'auth' | 'plan'> & Partial<Pick<TryOptions, 'adDs'>>;

/** Repairs one simulated server of this process through the product's code; what came of it is for the judge to say. */
export async function attempt(lab: LabLayout, practice: PracticeServers, server: SimulatedServer, options: AttemptOptions, say: (line: string) => void, signal: AbortSignal): Promise<RoundsResult> {
  const journals = join(practice.directory, 'runs', server.name);
  mkdirSync(journals, { recursive: true, mode: 0o700 });
  await using reached = new LabServer(practice, server, options.transport, options.auth);
  return await repair({
    server: reached,
    person: new AutomaticPerson(lab, server, say),
    plan: options.plan,
    ...(options.adDs !== undefined && { adDs: options.adDs }),
    pinned: server.scenario.content.pinned,
    journal: (run) => journalFile(journals, run),
    say,
    signal,
  });
}
