/** How much longer than in the suite properties look for a counterexample: 1 in `npm test`, more in `npm run fuzz`. */
const factor = Number(process.env['FUZZ_FACTOR'] ?? '1');

/** The parameters of a property that tries `count` cases in the suite. A failure prints its seed and path. */
export function cases(count: number): { readonly numRuns: number } {
  return { numRuns: Math.ceil(count * factor) };
}

/** True in `npm run fuzz`, where seeds are free and nothing is timed out. */
export const fuzzing = factor > 1;
