import type { RegexNode, UnitClass } from './syntax.ts';

/** Longest literal that is of use, in code units: a longer one finds nothing more. */
const longest = 64;

/** Units that follow each other in every match. */
interface Runs {
  best: string;
  /** Up to where was read. */
  run: string;
  /** Nothing but `run` was read. */
  isWhole: boolean;
}

/**
 * The longest text found that everything a pattern matches has in it: texts without it need not be tried. Empty where there is none.
 * Where case is not told apart it is folded, and only of ASCII, whose letters alone have one folded form each.
 */
export function requiredLiteral(node: RegexNode, caseSensitive: boolean): string {
  const runs = collected(node, caseSensitive);
  cut(runs);
  return runs.best;
}

function collected(node: RegexNode, caseSensitive: boolean): Runs {
  const runs: Runs = { best: '', run: '', isWhole: true };
  collect(node, caseSensitive, runs);
  return runs;
}

function collect(node: RegexNode, caseSensitive: boolean, runs: Runs): void {
  if (node.kind === 'anchor') return;
  if (node.kind === 'sequence') for (const inner of node.nodes) collect(inner, caseSensitive, runs);
  else if (node.kind === 'class') add(runs, onlyUnit(node.of, caseSensitive));
  else if (node.kind === 'either' || node.least === 0) cut(runs);
  else {
    // Once it follows on what was before, and once it comes right before what follows; between them there may be more.
    const inner = collected(node.node, caseSensitive);
    add(runs, inner.isWhole ? inner.run : undefined);
    if (inner.best.length > runs.best.length) runs.best = inner.best;
    if (inner.isWhole && node.most === 1) return;
    cut(runs, inner.run);
  }
}

function add(runs: Runs, text: string | undefined): void {
  if (text === undefined) cut(runs);
  else if (runs.run.length + text.length > longest) cut(runs, text);
  else runs.run += text;
}

function cut(runs: Runs, next = ''): void {
  if (runs.run.length > runs.best.length) runs.best = runs.run;
  runs.run = next;
  runs.isWhole = false;
}

/** The one unit that a class takes, as it stands in a text that is compared. */
function onlyUnit({ ranges, negated }: UnitClass, caseSensitive: boolean): string | undefined {
  const [range] = ranges;
  if (negated || ranges.length !== 1 || range === undefined || range[0] !== range[1]) return undefined;
  const unit = String.fromCharCode(range[0]);
  if (caseSensitive) return unit;
  return range[0] < 128 ? unit.toLowerCase() : undefined;
}
