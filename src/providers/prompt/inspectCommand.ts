import { fullName } from './aliases.ts';
import { dangerRules, methodRules, type DangerId, type SeenCommand } from './dangerRules.ts';
import { scanCommands, type Command } from './scanCommand.ts';
import { looksSecret } from './secretText.ts';

/** How deep a command line inside of a command line is looked into. */
const deepest = 5;

/** What runs a command that is given to it as text. */
const launchers = new Set(['cmd', 'powershell', 'start-process', 'invoke-expression', 'invoke-command', 'start-job', 'psexec', 'runas', 'wsl', 'ssh', 'schtasks', 'at', 'start', 'call', 'winrs', 'bash', 'forfiles', 'new-scheduledtaskaction', 'set-alias', 'new-alias', 'mshta', 'rundll32', 'cscript', 'wscript']);
/** Those of which nothing can be told where what they run is only known on the server. */
const opaque = new Set(['invoke-expression', 'cmd', 'powershell', 'set-alias', 'new-alias']);

/** Everything about a script that a person has to be told before it runs, each thing once. */
export function inspectCommand(script: string): readonly DangerId[] {
  const found = new Set<DangerId>();
  look(script, found, 0);
  if (looksSecret(script)) found.add('secret');
  return [...found];
}

function look(script: string, found: Set<DangerId>, depth: number): void {
  const text = script.replaceAll('`', '').toLowerCase();
  for (const rule of methodRules) if (rule.text.test(text)) found.add(rule.danger);
  for (const command of scanCommands(script)) {
    if (command.computed) found.add('cannot-tell');
    const seen = see(command);
    for (const rule of dangerRules) {
      if (!rule.name.test(seen.name)) continue;
      if (rule.said === undefined || rule.said.test(seen.said) || (rule.orOpen === true && seen.open)) found.add(rule.danger);
    }
    if (launchers.has(seen.name)) inside(command, seen, found, depth);
  }
}

/** Looks into a command line that a launcher gets as words, as a text, or encoded. */
function inside(command: Command, seen: SeenCommand, found: Set<DangerId>, depth: number): void {
  if (depth >= deepest || (opaque.has(seen.name) && seen.open)) {
    found.add('cannot-tell');
    return;
  }
  const texts = command.words.map((word) => word.text).filter((text) => text !== '');
  const encoded = seen.name === 'powershell' ? texts.findIndex((text) => /^[-/]e(?:c|n|nc|nco\w*)?$/i.test(text)) : -1;
  if (encoded >= 0) {
    look(Buffer.from(texts[encoded + 1] ?? '', 'base64').toString('utf16le'), found, depth + 1);
    return;
  }
  const words = texts.filter((text) => !/^(?:-[\w:]+|\/[a-z]+(?::\w+)?)$/i.test(text) || /^\/[ra]$/i.test(text));
  look(words.join(' '), found, depth + 1);
  // One word may hold a whole line.
  for (const text of words) if (/\s/.test(text)) look(text, found, depth + 1);
}

function see(command: Command): SeenCommand {
  const words = command.words.map((word) => word.text.toLowerCase());
  const parts = [command.name, ...words];
  let open = command.words.some((word) => word.computed);
  // Everything that a command without words puts out may be meant.
  open ||= command.source?.words.length === 0;
  let depth = 0;
  for (let source = command.source; source !== undefined && depth < 8; source = source.source, depth++) {
    parts.unshift(source.name, ...source.words.map((word) => word.text.toLowerCase()));
    open ||= source.computed || source.words.some((word) => word.computed);
  }
  return { name: fullName(command.name), said: parts.join(' '), words, open };
}
