import { join } from 'node:path';

/** Where the practice lab finds what it is made of, all absolute. */
export interface LabLayout {
  /** The repository's folder. */
  readonly root: string;
  /** The engine host, a real PowerShell engine; set-up builds it. */
  readonly engine: string;
  /** The WinRM listener; set-up builds it. */
  readonly listener: string;
  /** Scenario files that have a name. */
  readonly scenarios: string;
  readonly schema: string;
  /** Scripts of the simulation that make, use and judge a simulated server. */
  readonly simulation: string;
  /** Shell scripts that the lab's command runs. */
  readonly shell: string;
  /** Running servers and their folders, unless the caller names a folder. */
  readonly cache: string;
}

/** The lab of one checkout. */
export function labLayout(root: string): LabLayout {
  return {
    root,
    engine: join(root, '.cache', 'engine', 'practice-engine'),
    listener: join(root, '.cache', 'listener', 'practice-listener'),
    scenarios: join(root, 'lab', 'scenarios'),
    schema: join(root, 'lab', 'scenario.schema.json'),
    simulation: join(root, 'lab', 'simulation'),
    shell: join(root, 'lab', 'shell'),
    cache: join(root, '.cache', 'lab'),
  };
}
