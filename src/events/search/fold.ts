/**
 * Text with the difference between small and capital letters taken out. Of lower-casing only the final sigma depends on its
 * neighbours; without it a text folds alike alone and as part of a longer one.
 */
export function fold(text: string): string {
  const lower = text.toLowerCase();
  return lower.includes('ς') ? lower.replaceAll('ς', 'σ') : lower;
}
