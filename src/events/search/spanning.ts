import type { MessageTemplate } from '../store/message-template.ts';

/** Whether a needle can lie across a place where fixed text and a value meet; only then must messages be rendered to be searched. */
export function canSpan({ literals }: MessageTemplate, needle: string): boolean {
  return literals.some((literal, at) => {
    const isFirst = at === 0;
    const isLast = at === literals.length - 1;
    // Two values side by side: anything can begin in one and end in the other.
    if (literal === '') return !isFirst && !isLast;
    if (needle.length > literal.length && needle.includes(literal)) return true;
    for (let length = 1; length < needle.length && length <= literal.length; length++) {
      if (!isLast && literal.endsWith(needle.substring(0, length))) return true;
      if (!isFirst && literal.startsWith(needle.substring(needle.length - length))) return true;
    }
    return false;
  });
}
