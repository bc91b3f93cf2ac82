/** A part of a transcript: a step or a diagnosis, or a command that a person typed; lines count from 0, the end is inclusive. */
export interface TranscriptSection {
  readonly title: string;
  readonly kind: 'step' | 'command';
  readonly from: number;
  readonly to: number;
}

/** What begins one: the headings of ours, and the prompt of PowerShell with a command behind it. */
const heading = /^(?:▶ |(PS [^>]{1,260}>) ?)(\S.*)$/;

/** Sections of a transcript in the order of their lines, each up to the next one; blank lines at an end belong to none. */
export function sectionsOf(lines: readonly string[]): readonly TranscriptSection[] {
  const begun = lines.flatMap((line, from) => {
    const [, prompt, title] = heading.exec(line) ?? [];
    return title === undefined ? [] : [{ title, kind: prompt === undefined ? 'step' as const : 'command' as const, from }];
  });
  return begun.map((section, index) => {
    let to = (begun[index + 1]?.from ?? lines.length) - 1;
    while (to > section.from && lines[to]?.trim() === '') to -= 1;
    return { ...section, to };
  });
}
