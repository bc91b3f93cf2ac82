import type { Finding } from '../../connect/finding.ts';
import type { RunEvent } from '../../connect/run-events.ts';
import type { StreamRecord } from '../../session.ts';
import type { OwnedServer } from './ownedServer.ts';
import type { ConnectionState, Problem } from './state.ts';

/** Where an owner tells what happens, as it happens: the server's terminal. */
export interface Reporter {
  connection(server: OwnedServer, state: ConnectionState): void;
  /** Begins a marked section that is no step of a run. */
  begin(heading: string): void;
  record(record: StreamRecord): void;
  end(exitCode: number): void;
  findings(findings: readonly Finding[]): void;
  problem(problem: Problem): void;
  cancelled(): void;
  /** Answers Ctrl+C: undefined was accepted, else why not. */
  interrupted(why: string | undefined): void;
  run(event: RunEvent): void;
  print(text: string): void;
  /** Whether showing is wanted now: one server among many stays where it is. */
  reveals(wanted: boolean): void;
  /** Reveals the terminal, as the settings say. */
  show(): void;
  dispose(): void;
}
