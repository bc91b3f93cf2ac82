/** How a server is reached and signed in to: `winrm/kerberos`. */
export type Way = `${string}/${string}`;

/** How one scenario ended in one way. */
export interface Cell {
  /** `healthy`, `refused: FINDING`, or `WRONG`: not as the scenario says. */
  readonly result: string;
  readonly found: readonly string[];
  readonly plans: readonly string[];
}

export interface Row {
  readonly name: string;
  readonly title: string;
  readonly cells: ReadonlyMap<Way, Cell>;
}

/** One line of a soak's output; `earlierCells` reads it again. */
export function lineOf(scenario: string, way: Way, { result, found, plans }: Cell): string {
  return `${way} ${scenario} = ${result} | found ${found.join(', ')} | plans ${plans.join(', ')}`;
}

/** What a soak that was broken off has printed, without what went wrong there. */
export function earlierCells(output: string): { readonly scenario: string; readonly way: Way; readonly cell: Cell }[] {
  return [...output.matchAll(/^(\w+)\/(\w+) (\S+) = (.*) \| found (.*) \| plans (.*)$/gm)].map((line) => {
    const [, transport = '', auth = '', scenario = '', result = '', found = '', plans = ''] = line;
    const list = (text: string): string[] => (text === '' ? [] : text.split(', '));
    return { scenario, way: `${transport}/${auth}` as const, cell: { result, found: list(found), plans: list(plans) } };
  }).filter(({ cell }) => cell.result !== 'WRONG');
}

/** docs/scenarios.md. */
export function page(ways: readonly Way[], rows: readonly Row[]): string {
  const text = (words: string): string => words.replaceAll('|', '\\|').replace(/\s+/g, ' ');
  const good = rows.reduce((sum, { cells }) => sum + ways.filter((way) => !['WRONG', undefined].includes(cells.get(way)?.result)).length, 0);
  const open = rows.reduce((sum, { cells }) => sum + ways.filter((way) => !cells.has(way)).length, 0);
  return [
    '# Scenarios of the practice lab',
    '',
    'Each scenario is one simulated Connect server (`lab/scenarios/NAME.json`); `npm run lab -- try NAME --transport TRANSPORT --auth AUTHENTICATION` repairs it through the same code as the extension.',
    '`npm run soak -- scenarios` tries all of them in every way there is to reach a server and writes this page; whether a server is healthy is read from its own state.',
    'A column says how the server was reached: `winrm` is WinRM over HTTP, `winrms` over HTTPS. Basic and client certificates are refused over HTTP before anything is sent.',
    '',
    `${good} of ${rows.length * ways.length} ended as the scenario says${open === 0 ? '' : `; ${open} were not tried yet`}.`,
    '',
    `| Scenario | What it is | Found | Plans | ${ways.join(' | ')} |`,
    `|---|---|---|---|${ways.map(() => '---').join('|')}|`,
    ...rows.map(({ name, title, cells }) => {
      const any = [...cells.values()].find(({ found }) => found.length > 0);
      return `| \`${name}\` | ${text(title)} | ${any?.found.join(', ') ?? ''} | ${any?.plans.join(', ') ?? ''} | ${ways.map((way) => text(cells.get(way)?.result ?? 'not tried')).join(' | ')} |`;
    }),
    '',
  ].join('\n');
}
