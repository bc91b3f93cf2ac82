import type { PowerShellSession, PSValue } from '../../session.ts';
import type { Completions } from './lineEditor.ts';

/** Most texts that are offered, and the longest, in characters. */
const mostTexts = 200;
const longestText = 1000;

/** Windows PowerShell 5.1; only language that every language mode allows. Its own variables are left out of what is offered. */
const script = `
param($__text, $__column, $__most)
$__found = TabExpansion2 -inputScript $__text -cursorColumn $__column
[string]$__found.ReplacementIndex
[string]$__found.ReplacementLength
$__count = 0
foreach ($__match in $__found.CompletionMatches) { if ($__count++ -ge $__most) { break }; [string]$__match.CompletionText }
`;

/** What fits at `cursor`, by the server's own TabExpansion2. Nothing where it does not answer or the signal aborts. Never rejects. */
export async function askCompletions(session: PowerShellSession, text: string, cursor: number, signal: AbortSignal): Promise<Completions> {
  const values: PSValue[] = [];
  try {
    const pipeline = session.invoke(script, { parameters: { __text: text, __column: cursor, __most: mostTexts }, signal, name: 'the completion of a command' });
    for await (const record of pipeline) if (record.stream === 'output' && values.length < mostTexts + 2) values.push(record.value);
    await pipeline.result;
  } catch {
    // The session's end is told by itself.
  }
  const [index, length, ...texts] = values.map((value) => typeof value === 'string' ? value : '');
  if (signal.aborted || index === undefined || !/^\d+$/.test(index) || length === undefined || !/^\d+$/.test(length)) return { index: 0, length: 0, texts: [] };
  const usable = texts.filter((one) => one !== '' && one.length <= longestText && !/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069]/.test(one) && !one.startsWith('$__'));
  return { index: Number(index), length: Number(length), texts: [...new Set(usable)] };
}
