import { fullName } from './aliases.ts';
import { dangerRules, methodRules, type DangerId, type SeenCommand } from './dangerRules.ts';
import { scanCommands, type Command } from './scanCommand.ts';
import { looksSecret } from './secretText.ts';
import { fitsAny } from './wildcard.ts';

/** How deep a command line inside of a command line is looked into, how many of them, and how many words of one. */
const deepest = 5;
const mostLooks = 500;
const mostWords = 40;

/** What runs a command that is given to it as text. */
const launchers = new Set(['cmd', 'powershell', 'start-process', 'invoke-expression', 'invoke-command', 'start-job', 'psexec', 'runas', 'wsl', 'ssh', 'schtasks', 'at', 'start', 'call', 'winrs', 'bash', 'forfiles', 'new-scheduledtaskaction', 'set-alias', 'new-alias', 'mshta', 'rundll32', 'cscript', 'wscript']);
/** Those of which nothing can be told where what they run is only known on the server. */
const opaque = new Set(['invoke-expression', 'cmd', 'powershell', 'set-alias', 'new-alias']);
/** Those whose text PowerShell reads; what the others are given is read by cmd, or handed on from some word on. */
const readByPowerShell = new Set(['powershell', 'invoke-expression', 'invoke-command', 'start-job', 'set-alias', 'new-alias']);
/** They run a block or a program; one that is in a variable is only known on the server. */
const runners = new Set(['foreach-object', 'invoke-command', 'start-job', 'start-threadjob', 'start-process']);

/** What was found, and the texts that were looked at. */
interface Look {
  readonly found: Set<DangerId>;
  readonly seen: Set<string>;
}

/** Everything about a script that a person has to be told before it runs, each thing once. */
export function inspectCommand(script: string): readonly DangerId[] {
  const found = new Set<DangerId>();
  look(script, { found, seen: new Set() }, 0);
  if (looksSecret(script)) found.add('secret');
  return [...found];
}

function look(script: string, into: Look, depth: number): void {
  const { found, seen: looked } = into;
  if (looked.has(script)) return;
  if (depth > deepest || looked.size >= mostLooks) {
    found.add('cannot-tell');
    return;
  }
  looked.add(script);
  const text = script.replaceAll('`', '').toLowerCase().replace(/\.\s*(['"])(\w+)\1/g, '.$2');
  for (const rule of methodRules) if (rule.text.test(text)) found.add(rule.danger);
  for (const command of scanCommands(script)) {
    const seen = see(command);
    // A path with wildcards runs whatever it fits; %x% is a variable of cmd.
    if (command.computed || /^.+[*?[%]|^[*[%].|^\?./.test(command.name)) found.add('cannot-tell');
    if (runners.has(seen.name) && command.words.some(({ text: word }) => word.startsWith('$')) && !command.words.some((word) => word.computed && word.text === '')) found.add('cannot-tell');
    for (const rule of dangerRules) {
      if (!rule.name.test(seen.name)) continue;
      const { said, own, fits } = rule;
      const isSaid = said === undefined && own === undefined && fits === undefined || said?.test(seen.said) === true || own?.test(seen.own) === true;
      if (isSaid || (rule.orOpen === true && seen.open) || (fits !== undefined && fitsAny(seen.said, fits))) found.add(rule.danger);
    }
    if (launchers.has(seen.name)) inside(command, seen, into, depth);
  }
}

/** Looks into a command line that a launcher gets as words, as a text, encoded, or from the pipe. */
function inside(command: Command, seen: SeenCommand, into: Look, depth: number): void {
  if (opaque.has(seen.name) && seen.open) into.found.add('cannot-tell');
  if (opaque.has(seen.name) && command.source !== undefined) piped(command.source, into, depth);
  const isPowerShell = readByPowerShell.has(seen.name);
  const texts = command.words.map(({ text }) => (isPowerShell ? text : asCmdReads(text))).filter((text) => text !== '');
  const encoded = seen.name === 'powershell' ? texts.findIndex((text) => /^(?:--?|\/)e(?:c|n|nc|nco\w*)?$/i.test(text)) : -1;
  if (encoded >= 0) {
    look(Buffer.from(texts[encoded + 1] ?? '', 'base64').toString('utf16le'), into, depth + 1);
    return;
  }
  const words = texts.filter((text) => !/^(?:-[\w:]+|\/[a-z]+(?::\w+)?)$/i.test(text) || /^\/[ra]$/i.test(text));
  look(words.join(' '), into, depth + 1);
  // One word may hold a whole line.
  for (const text of words) if (/\s/.test(text)) look(text, into, depth + 1);
  if (isPowerShell) return;
  const each = words.join(' ').split(/\s+/);
  if (each.length > mostWords) into.found.add('cannot-tell');
  else for (let from = 1; from < each.length; from++) look(each.slice(from).join(' '), into, depth + 1);
}

/** What a launcher reads from the pipe: texts that stand there, or what nobody knows. */
function piped({ name, computed, words }: Command, into: Look, depth: number): void {
  const texts = words.filter(({ text }) => text !== '+');
  if (name !== '' || computed || texts.some((word) => word.computed || !(word.quoted || word.opened))) into.found.add('cannot-tell');
  look(texts.map(({ text }) => text).join(''), into, depth + 1);
}

/** Without carets and `@`, and with what stands right behind `/c`. */
function asCmdReads(text: string): string {
  return text.replaceAll('^', '').replace(/^(?:\/[a-z](?::\w+)?)*\/[ckr]/i, '').replace(/(^|[&|(])\s*@/g, '$1').trim();
}

function see(command: Command): SeenCommand {
  const own = command.words.map((word) => word.text.toLowerCase());
  const parts = [command.name, ...own];
  let open = command.words.some((word) => word.computed);
  // Everything that a command without words puts out may be meant.
  open ||= command.source?.words.length === 0;
  let depth = 0;
  for (let source = command.source; source !== undefined && depth < 8; source = source.source, depth++) {
    parts.unshift(source.name, ...source.words.map((word) => word.text.toLowerCase()));
    open ||= source.computed || source.words.some((word) => word.computed);
  }
  return { name: fullName(command.name), said: parts.join(' '), own: own.join(' '), open };
}
