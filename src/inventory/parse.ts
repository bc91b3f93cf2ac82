import { isAlias, isScalar, isSeq, type Node } from 'yaml';
import { Aliases } from './aliases.ts';
import { resolveJumps, type Jumping } from './jumps.ts';
import { defaultsKeyNames, fileKeyNames, groupKeyNames, serverKeyNames, serverKeys, type KeyRule } from './keys.ts';
import { kindOf, placeOf, readMapping, valuePlace, type Field } from './mapping.ts';
import { ProblemList, type Problem } from './problem.ts';
import { LineIndex, type Range } from './range.ts';
import { buildTarget, type Values } from './resolve.ts';
import { parseSyntax } from './syntax.ts';
import { expandHome, type Target } from './target.ts';
import { readValue } from './values.ts';

/** One entry under `servers`. */
export interface ServerEntry {
  /** A name to show also where the entry has none. */
  readonly name: string;
  /** Undefined for an entry outside groups. */
  readonly group: string | undefined;
  /** The whole entry. */
  readonly range: Range;
  /** The name's value; the entry's start where it has none. */
  readonly nameRange: Range;
  /** Undefined where the entry, the defaults that it inherits or the file's syntax has an error: the problems say which. */
  readonly target: Target | undefined;
  /** What `jump` says for it, its own or inherited, and where; undefined where it has none. */
  readonly jump: { readonly value: string; readonly range: Range; readonly own: boolean } | undefined;
  /** Where the entry itself has keys, and the values that it may be read by. */
  readonly keys: ReadonlyMap<string, Range>;
}

export interface ServerGroup {
  readonly name: string;
  readonly range: Range;
  /** The name's value; the group's start where it has none. */
  readonly nameRange: Range;
  readonly servers: readonly ServerEntry[];
}

/** What a servers file holds, as far as it can be read, and everything that is wrong in it. */
export interface ServersFile {
  readonly groups: readonly ServerGroup[];
  /** Every entry, those of groups as well, in the order of the file. */
  readonly servers: readonly ServerEntry[];
  readonly problems: readonly Problem[];
  /** Files that the entries and defaults name, `~` expanded, with where. */
  readonly paths: readonly NamedPath[];
  /** Every value of `jump` as it is written. */
  readonly jumps: readonly { readonly value: string; readonly range: Range }[];
}

/** A file that a key names. */
export interface NamedPath {
  readonly key: string;
  readonly path: string;
  readonly range: Range;
}

/** Parses a servers file, version 1 (`*.connect.yaml`). Never throws; size, depth and counts are bounded. */
export function parseServersFile(text: string, options: { readonly home: string }): ServersFile {
  const problems = new ProblemList(new LineIndex(text));
  const root = parseSyntax(text, problems);
  const reader = new Reader(problems, options.home, new Aliases(root));
  reader.file(root);
  reader.resolve();
  const servers = [...reader.servers].sort((one, other) => one.range.start.offset - other.range.start.offset);
  const byPlace = [...problems.items].sort((one, other) => one.range.start.offset - other.range.start.offset);
  return { groups: reader.groups, servers, problems: byPlace, paths: reader.paths, jumps: reader.jumps };
}

const fileKeysElsewhere = { name: 'it belongs to a group or a server', host: 'it belongs to an entry under servers' };
const groupKeysElsewhere = { host: 'it belongs to an entry under servers', groups: 'groups are not nested', version: 'it belongs to the top of the file' };
const defaultsKeysElsewhere = Object.fromEntries(serverKeyNames.filter((name) => !serverKeys[name].inherited).map((name) => [name, 'each server has its own']));

/** What entries inherit. Not sound: what was meant is unknown, so no entry that inherits it may be connected to. */
interface Defaults {
  readonly values: Values;
  readonly sound: boolean;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

class Reader {
  readonly groups: ServerGroup[] = [];
  readonly servers: ServerEntry[] = [];
  readonly paths: NamedPath[] = [];
  readonly jumps: { readonly value: string; readonly range: Range }[] = [];
  readonly #aliases: Aliases;
  readonly #problems: ProblemList;
  readonly #home: string;
  readonly #names = new Map<string, string>();
  readonly #jumping: Jumping[] = [];

  constructor(problems: ProblemList, home: string, aliases: Aliases) {
    this.#aliases = aliases;
    this.#problems = problems;
    this.#home = home;
  }

  file(root: Node | undefined): void {
    if (root === undefined || kindOf(root) === 'nothing') {
      if (this.#problems.errors === 0) this.#problems.error('version', 'The file is empty; start it with: version: 1', [0, 0]);
      return;
    }
    const fields = readMapping(root, 'A servers file', fileKeyNames, this.#problems, { at: [0, 0], aliases: this.#aliases, misplaced: fileKeysElsewhere, also: isTemplateKey });
    if (fields === undefined || !this.#isVersion1(fields.get('version'), root)) return;
    for (const [name, field] of fields) if (isTemplateKey(name)) this.#template(field);
    const defaults = this.#defaults(fields.get('defaults'), { values: new Map(), sound: !this.#problems.items.some((problem) => problem.code === 'syntax' && problem.severity === 'error') });
    this.#serverList(fields.get('servers'), undefined, defaults);
    const names = new Set<string>();
    for (const node of this.#list(fields.get('groups'), 'groups')) this.#group(node, defaults, names);
  }

  /** Once every entry is known: what lies on the way to each. */
  resolve(): void {
    resolveJumps(this.#jumping, this.#problems);
  }

  /** Templates are read as entries are, so that a secret in one is found also where nobody uses it. */
  #template(field: Field): void {
    const fields = readMapping(field.node, 'A template', serverKeyNames, this.#problems, { at: field.key, aliases: this.#aliases });
    if (fields !== undefined) this.#values(fields);
  }

  /** Keeps what the language server asks about: files, and where servers are named. */
  #note(name: string, value: string | number, rule: KeyRule, field: Field): void {
    if (typeof value !== 'string' || field.through !== undefined) return;
    const range = this.#problems.lines.range(...valuePlace(field));
    if (rule.value.kind === 'path') this.paths.push({ key: name, path: expandHome(value, this.#home), range });
    if (name === 'jump') this.jumps.push({ value, range });
  }

  #isVersion1(field: Field | undefined, root: Node): boolean {
    const start = placeOf(root)[0];
    if (field === undefined) {
      this.#problems.error('version', 'The version is missing; start the file with: version: 1', [start, start]);
      return false;
    }
    if (isScalar(field.node) && field.node.value === 1) return true;
    this.#problems.error('version', 'This version of the extension reads servers files of version 1 only.', valuePlace(field));
    return false;
  }

  #defaults(field: Field | undefined, inherited: Defaults): Defaults {
    if (field === undefined || kindOf(field.node) === 'nothing') return inherited;
    const errorsBefore = this.#problems.errors;
    const fields = readMapping(field.node, 'Defaults', defaultsKeyNames, this.#problems, { at: field.key, aliases: this.#aliases, misplaced: defaultsKeysElsewhere });
    const values = new Map([...inherited.values, ...this.#values(fields ?? new Map<string, Field>())]);
    return { values, sound: inherited.sound && this.#problems.errors === errorsBefore };
  }

  #list(field: Field | undefined, what: string): readonly Node[] {
    if (field?.node === undefined || kindOf(field.node) === 'nothing') return [];
    if (isAlias(field.node)) return [];
    if (field.through !== undefined) {
      this.#problems.error('alias', `${what} must be written here: the same entries cannot stand in the file twice.`, field.through);
      return [];
    }
    if (isSeq(field.node)) return field.node.items as Node[];
    this.#problems.error('wrong-type', `${what} must be a list (each entry starts with -), this is ${kindOf(field.node)}.`, placeOf(field.node));
    return [];
  }

  #group(node: Node, inherited: Defaults, names: Set<string>): void {
    const fields = readMapping(node, 'A group', groupKeyNames, this.#problems, { at: placeOf(node), aliases: this.#aliases, misplaced: groupKeysElsewhere });
    if (fields === undefined) return;
    const nameField = fields.get('name');
    const name = nameField === undefined ? undefined : readValue('name', nameField, serverKeys.name, this.#problems);
    if (nameField === undefined) this.#problems.error('missing-key', 'A group needs a name.', startOf(node));
    if (typeof name === 'string' && nameField !== undefined) {
      if (names.has(name.toLowerCase())) this.#problems.error('duplicate-group', 'Another group has this name already; put its servers there.', valuePlace(nameField));
      names.add(name.toLowerCase());
    }
    const label = typeof name === 'string' ? name : 'Unnamed group';
    const defaults = this.#defaults(fields.get('defaults'), inherited);
    const { lines } = this.#problems;
    const at = nameField === undefined ? startOf(node) : valuePlace(nameField);
    this.groups.push({ name: label, range: lines.range(...placeOf(node)), nameRange: lines.range(...at), servers: this.#serverList(fields.get('servers'), label, defaults) });
  }

  #serverList(field: Field | undefined, group: string | undefined, defaults: Defaults): ServerEntry[] {
    const entries: ServerEntry[] = [];
    for (const node of this.#list(field, 'servers')) {
      const entry = this.#server(node, group, defaults);
      if (entry !== undefined) entries.push(entry);
    }
    this.servers.push(...entries);
    return entries;
  }

  #server(node: Node, group: string | undefined, defaults: Defaults): ServerEntry | undefined {
    const errorsBefore = this.#problems.errors;
    const fields = readMapping(node, 'A server', serverKeyNames, this.#problems, { at: placeOf(node), aliases: this.#aliases });
    if (fields === undefined) return undefined;
    const own = this.#values(fields);
    const nameField = fields.get('name');
    const name = own.get('name')?.value;
    const at = nameField === undefined ? startOf(node) : valuePlace(nameField);
    if (typeof name === 'string') this.#claimName(name, at);
    const values = new Map([...defaults.values, ...own]);
    const target = buildTarget({ values, own, written: new Set(fields.keys()), at, home: this.#home, problems: this.#problems });
    const lines = this.#problems.lines;
    const jump = values.get('jump');
    const entry: Writable<ServerEntry> = {
      name: typeof name === 'string' ? name : 'Unnamed server',
      group,
      range: lines.range(...placeOf(node)),
      nameRange: lines.range(...at),
      target: defaults.sound && this.#problems.errors === errorsBefore ? target : undefined,
      jump: typeof jump?.value === 'string' ? { value: jump.value, range: lines.range(...jump.at), own: own.has('jump') } : undefined,
      keys: new Map([...fields].map(([key, field]) => [key, lines.range(field.key[0], Math.max(field.key[1], valuePlace(field)[1]))])),
    };
    const field = fields.get('jump');
    this.#jumping.push({ entry, jump: entry.jump?.value, own: own.has('jump'), at: field === undefined ? at : valuePlace(field), text: field === undefined ? undefined : literalStart(field) });
    return entry;
  }

  #claimName(name: string, at: readonly [number, number]): void {
    const key = name.toLowerCase();
    if (this.#names.has(key)) this.#problems.error('duplicate-server', 'Another server has this name already (upper and lower case count as the same).', at);
    this.#names.set(key, name);
  }

  #values(fields: ReadonlyMap<string, Field>): Values {
    const values = new Map<string, { value: string | number; at: readonly [number, number] }>();
    for (const [name, field] of fields) {
      const rule: KeyRule | undefined = (serverKeys as Readonly<Record<string, KeyRule>>)[name];
      if (rule === undefined) continue;
      const value = readValue(name, field, rule, this.#problems);
      if (value !== undefined) {
        values.set(name, { value, at: field.key });
        this.#note(name, value, rule, field);
      }
    }
    return values;
  }
}

/** A key of the file that holds values for anchors and merge keys only. */
export function isTemplateKey(key: string): boolean {
  return key.startsWith('x-');
}

/** The start of an entry, its first key where it has one: a mark over a whole entry hides the rest. */
function startOf(node: Node): readonly [number, number] {
  const start = placeOf(node)[0];
  return [start, start];
}

/** Where the characters of a text value stand one by one in the file; undefined where they are written another way. */
function literalStart(field: Field): number | undefined {
  const { node, through } = field;
  if (!isScalar(node) || typeof node.value !== 'string' || through !== undefined) return undefined;
  const [start, end] = placeOf(node);
  const quote = node.type === 'QUOTE_SINGLE' || node.type === 'QUOTE_DOUBLE' ? 1 : 0;
  return end - start - 2 * quote === node.value.length ? start + quote : undefined;
}
