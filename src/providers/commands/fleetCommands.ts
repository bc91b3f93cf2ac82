import * as vscode from 'vscode';
import type { Clock } from '../../connect/server.ts';
import { commands } from '../ids.ts';
import type { Patience } from '../semaphore.ts';
import type { VirtualDocuments } from '../virtualDocuments.ts';
import { isTrusted } from './connectionCommands.ts';
import { diagnoseFleet } from './diagnoseFleet.ts';
import type { Register } from './register.ts';
import type { Targets } from './targets.ts';

/** How many servers are read at once, and what one that does not answer costs. */
export interface FleetLimits {
  readonly parallel: number;
  readonly patience: Patience;
}

/** Diagnose any selection of servers. */
export function registerFleetCommands(register: Register, targets: Targets, documents: VirtualDocuments, clock: Clock, limits: FleetLimits): void {
  let last: AbortController | undefined;
  register(commands.diagnoseServers, async (element, elements) => {
    if (!isTrusted()) return;
    const members = await targets.pickSeveral(element, elements, vscode.l10n.t('Diagnose Servers'));
    if (members === undefined) return;
    // There is one table: a new selection takes the place of the one before.
    last?.abort();
    last = new AbortController();
    await diagnoseFleet(members, documents, clock, limits, last);
  });
}
