import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';

/** surface.json: every command and parameter that the remote scripts may use, and every native program. */
export interface Surface {
  readonly commands: Readonly<Record<string, readonly string[]>>;
  readonly adsync: Readonly<Record<string, readonly string[]>>;
  readonly native: readonly string[];
}

/** What PowerShell's own parser says that each script of a folder uses, one line a use (see script-facts.ps1), by file name. */
export async function scriptFacts(folder: string): Promise<ReadonlyMap<string, string>> {
  const engine = resolve('.cache/engine/practice-engine');
  const environment = { ...process.env };
  delete environment['ENTRA_LAB_SERVER'];
  const { stdout } = await promisify(execFile)(engine, ['run', resolve('test/lab/support/script-facts.ps1'), '-Folder', resolve(folder)], { encoding: 'utf8', maxBuffer: 1 << 24, env: environment });
  const files = stdout.split(/^file\t0\t/m).slice(1);
  return new Map(files.map((text) => {
    const end = text.indexOf('\n');
    return [text.slice(0, end), text.slice(end + 1)];
  }));
}

const commonParameters = ['erroraction', 'errorvariable', 'warningaction'];
/** Commands whose first positional argument is a script block that everyone writes without its parameter's name. */
const blockCommands = ['foreach-object', 'where-object'];

/** Types that exist in .NET Framework 4.7 and reach nothing of Windows. */
const types = new Set([
  'string', 'string[]', 'int', 'long', 'long[]', 'bool', 'char', 'byte[]', 'hashtable', 'datetime', 'timespan', 'xml', 'regex', 'pscustomobject', 'scriptblock', 'intptr', 'switch',
  'system.security.securestring', 'system.management.automation.pscredential', 'system.runtime.interopservices.marshal',
]);
const staticMembers = new Set([
  'datetime::utcnow', 'timespan::fromhours', 'timespan::fromseconds', 'string::isnullorempty', 'regex::matches', 'intptr::zero', 'system.management.automation.pscredential::new',
  'system.runtime.interopservices.marshal::securestringtobstr', 'system.runtime.interopservices.marshal::ptrtostringbstr', 'system.runtime.interopservices.marshal::zerofreebstr',
]);
const methods = new Set([
  'addminutes', 'addseconds', 'clear', 'contains', 'containskey', 'dispose', 'endswith', 'indexof', 'remove', 'replace', 'setsecuritydescriptorsddlform', 'split', 'startswith', 'substring',
  'tolower', 'toupper', 'tostring', 'touniversaltime', 'toxml', 'trim', 'trimend', 'trimstart',
]);
const attributes = new Set(['parameter', 'validateset', 'validatenotnull', 'validatenotnullorempty', 'validaterange', 'validatepattern', 'cmdletbinding', 'allownull', 'allowemptystring', 'alias']);
/** Automatic variables that 5.1 does not have. */
const newVariables = new Set(['iswindows', 'islinux', 'ismacos', 'iscoreclr', 'psstyle', 'enabledexperimentalfeatures', 'psnativecommanduseerroractionpreference', 'psnativecommandargumentpassing']);

/** Everything in a script that Windows PowerShell 5.1 lacks or that surface.json does not list; empty for a good script. */
export function problemsOf(facts: string, surface: Surface): readonly string[] {
  const listed = new Map([...Object.entries(surface.commands), ...Object.entries(surface.adsync)].map(([name, parameters]) => [name.toLowerCase(), new Set(parameters.map((p) => p.toLowerCase()))]));
  const native = surface.native.map((name) => name.toLowerCase());
  const rows = facts.split('\n').filter((line) => line !== '').map((line) => line.split('\t'));
  const values = (kind: string): string[][] => rows.filter(([name]) => name === kind).map(([, , ...rest]) => rest);
  const functions = new Set(values('function').map(([name = '']) => name.toLowerCase()));
  const assigned = values('assignment');
  const problems: string[] = [];

  for (const [kind = '', line = '', ...rest] of rows) {
    const add = (text: string): void => void problems.push(`line ${line}: ${text}`);
    const [first = '', second = ''] = rest;
    const name = first.toLowerCase();
    switch (kind) {
      case 'error': add(first); break;
      case 'construct': add(`${first} is not allowed`); break;
      case 'type': if (!types.has(name)) add(`the type [${first}] is not listed`); break;
      case 'static': if (!staticMembers.has(name)) add(`the member [${first}] is not listed`); break;
      case 'attribute': if (!attributes.has(name)) add(`the attribute [${first}] is not listed`); break;
      case 'variable': if (newVariables.has(name)) add(`$${first} does not exist in 5.1`); break;
      case 'number': if (/^0b|[\d.](?:uy|y|us|s|ul|u|n)(?:kb|mb|gb|tb|pb)?$/i.test(first)) add(`the number ${first} is newer than 5.1`); break;
      case 'string': if (/`[ue]/.test(first.replace(/``/g, ''))) add(`the escape in ${first} is newer than 5.1`); break;
      case 'method':
        if (!methods.has(name)) add(`the method ${first} is not listed`);
        // .NET Framework has only the overloads that take single characters.
        else if (/^(?:split|trim|trimend|trimstart)$/.test(name) && /^(['"]).{2,}\1/.test(second)) add(`${first} with a text of several characters means something else in 5.1`);
        else if (/^(?:contains|replace|startswith)$/.test(name) && /StringComparison|Ordinal/i.test(second)) add(`${first} with a comparison is newer than 5.1`);
        break;
      case 'command': command(rest, add); break;
    }
  }
  return problems;

  /** Whether everything that a variable is ever given leads to a listed program. */
  function isNative(variable: string, depth: number): boolean {
    const sources = assigned.filter(([assignee = '']) => assignee.toLowerCase() === variable).map(([, value = '']) => value.toLowerCase()).filter((value) => value !== '$null');
    const leads = (source: string): boolean => native.some((program) => source.includes(program)) || (/^(?:\[string\])?\$(\w+)(?:\.path)?$/.exec(source)?.slice(1).some((next) => depth > 0 && isNative(next, depth - 1)) ?? false);
    return sources.length > 0 && sources.every(leads);
  }

  function command([shown = '', operator = '', target = '', text = '', positional = '0', list = '']: readonly string[], add: (text: string) => void): void {
    const name = shown.toLowerCase();
    if (functions.has(name) || target === 'BlockParameter' || target === 'ScriptBlockExpressionAst') return;
    if (native.includes(name)) return;
    if (shown === '?') {
      if (operator !== 'Ampersand' || !isNative(text.replace(/^\$/, '').toLowerCase(), 3)) add(`${text} is invoked without anyone knowing what it is`);
      return;
    }
    const parameters = listed.get(name);
    if (parameters === undefined) {
      add(`the command ${shown} is not listed`);
      return;
    }
    for (const parameter of list === '' ? [] : list.split('\u001f')) {
      const [given = '', value = ''] = parameter.split('=', 2);
      if (!parameters.has(given.toLowerCase()) && !commonParameters.includes(given.toLowerCase())) add(`the parameter -${given} of ${shown} is not listed`);
      if (given.toLowerCase() === 'encoding' && /bom|ansi/i.test(value)) add(`the encoding ${value} is newer than 5.1`);
    }
    if (Number(positional) > (blockCommands.includes(name) ? 1 : 0)) add(`${shown} has an argument without its parameter's name`);
  }
}
