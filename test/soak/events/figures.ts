/** One line of the table: what was measured, in `unit`, and what the design allows. */
export interface EventFigure {
  readonly what: string;
  readonly values: readonly number[];
  readonly unit: string;
  /** Undefined: nothing is demanded. */
  readonly budget?: { readonly most: number; readonly text: string } | undefined;
  /** What is no part of the budget: the way from the page to the extension host and back, where rows change a jump to other rows (that way, and a page to the screen, which has a budget of its own), or the same without the viewer at work. */
  readonly way?: number | undefined;
}

/** The value in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

/** Whether the middle of what was measured keeps the budget. */
export function isWithin({ values, budget, way = 0 }: EventFigure): boolean {
  return budget === undefined || median(values) - way <= budget.most;
}

/** The table as Markdown. */
export function table(figures: readonly EventFigure[]): string {
  const number = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: Math.abs(value) < 10 ? 1 : 0 });
  const lines = figures.map((figure) => {
    const { what, values, unit, budget, way } = figure;
    return `| ${what} | ${number(median(values))} ${unit} | ${values.length > 1 ? `${number(Math.max(...values))} ${unit}` : ''} | ${way === undefined ? '' : `${number(Math.max(0, median(values) - way))} ${unit}`} | ${budget?.text ?? ''} | ${budget === undefined ? '' : isWithin(figure) ? 'yes' : 'NO'} |`;
  });
  return ['| What | in the middle | longest | beyond the way, or a jump | budget | kept |', '|---|---|---|---|---|---|', ...lines].join('\n');
}
