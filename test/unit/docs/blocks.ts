import { derivedBlock, errorsBlock, faultsBlock, reasons } from './error-blocks.ts';
import { eventsBlock } from './event-blocks.ts';
import { plansBlock, stepsBlock } from './plan-blocks.ts';
import { runBlock } from './run-blocks.ts';

/** The parts of the documentation that come from the code: page, name of the block, what stands there. */
export const blocks: readonly { readonly page: string; readonly name: string; readonly make: () => string }[] = [
  { page: 'docs/findings.md', name: 'plans', make: plansBlock },
  { page: 'docs/findings.md', name: 'steps', make: stepsBlock },
  ...reasons.map((reason) => ({ page: 'docs/troubleshooting.md', name: `errors ${reason}`, make: () => errorsBlock(reason) })),
  { page: 'docs/troubleshooting.md', name: 'errors derived', make: derivedBlock },
  { page: 'docs/troubleshooting.md', name: 'faults', make: faultsBlock },
  { page: 'docs/troubleshooting.md', name: 'run', make: runBlock },
  { page: 'docs/troubleshooting.md', name: 'events', make: eventsBlock },
];
