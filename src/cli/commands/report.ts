import { join } from 'node:path';
import { changeRecord } from '../../connect/report/change-record.ts';
import { readJournal, runHeading } from '../../connect/report/read-journal.ts';
import { plain } from '../../connect/evidence.ts';
import { Journals } from '../../storage/journals.ts';
import { parseWords } from '../arguments.ts';
import { CliError, wrongCall } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import type { CliPorts } from '../io.ts';
import { jsonLine, jsonVersion } from '../json.ts';
import { writeDocument } from '../output-file.ts';
import { runHeadings } from '../run-headings.ts';

/** Runs that a list shows. */
const mostListed = 100;

/** `report`: the change record of one run, the editor's as well as the command line's; without a run, the list of them. */
export async function reportCommand(ports: CliPorts, words: readonly string[]): Promise<number> {
  const { values, positionals } = parseWords('report', words, {
    server: { type: 'string' }, last: { type: 'boolean' }, ticket: { type: 'string' }, output: { type: 'string' }, json: { type: 'boolean' },
  }, { least: 0, most: 1 });
  const journals = new Journals(join(ports.state, 'runs'));
  const [named] = positionals;
  if (named !== undefined && values.last === true) throw wrongCall('--last and a run exclude each other.', 'report');
  const run = named ?? (values.last === true ? (await runHeadings(journals, values.server, 1))[0]?.run : undefined);
  if (run === undefined && values.last === true) throw new CliError(exitCodes.failed, 'There is no journal of such a run here.', `Journals are kept in ${join(ports.state, 'runs')}.`);
  if (run === undefined) return await list(ports, journals, values.server, values.json === true);
  const lines = await journals.read(run).catch((error: unknown) => {
    throw new CliError(exitCodes.failed, `There is no journal of a run ${plain(run)} here.`, `"entra-connect report" lists them; they are kept in ${join(ports.state, 'runs')}.`, { cause: error });
  });
  if (values.json === true) ports.io.out(jsonLine({ v: jsonVersion, command: 'report', ...runHeading(lines), run, entries: readJournal(lines) }));
  else await writeDocument(ports.io, values.output, changeRecord(lines, { ticket: values.ticket }));
  return exitCodes.done;
}

async function list(ports: CliPorts, journals: Journals, server: string | undefined, json: boolean): Promise<number> {
  const runs = await runHeadings(journals, server, mostListed);
  if (json) ports.io.out(jsonLine({ v: jsonVersion, command: 'report', runs }));
  else ports.io.out(runs.map((run) => `${run.run}  ${run.startedAt}  ${plain(run.server)}  ${run.plan === '' ? 'single step' : run.plan}  ${run.state === '' ? 'not ended' : run.state}\n`).join(''));
  return exitCodes.done;
}
