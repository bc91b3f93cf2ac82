import { plansBlock, stepsBlock } from './plan-blocks.ts';

/** The parts of the documentation that come from the code: page, name of the block, what stands there. */
export const blocks: readonly { readonly page: string; readonly name: string; readonly make: () => string }[] = [
  { page: 'docs/findings.md', name: 'plans', make: plansBlock },
  { page: 'docs/findings.md', name: 'steps', make: stepsBlock },
];
