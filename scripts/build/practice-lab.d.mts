/** Names of the scenarios that ship, in the order in which they are offered. */
export const shippedScenarios: readonly string[];
/** Every file of the lab's folder by its path there. */
export function practiceLabFiles(root: string): Record<string, string>;
/** The compressed file. */
export function packPracticeLab(root: string): Buffer;
