import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A value that must be found nowhere, and the name under which a find is told (the value itself is never printed). */
export interface Canary {
  readonly name: string;
  readonly value: string;
}

/**
 * The byte strings in which a canary may hide: UTF-8 and UTF-16LE, each plain and inside base64 at any of its three alignments.
 * Only the letters and digits at the value's beginning are searched for: no quoting or escaping changes those.
 */
export function disguises(value: string): readonly Buffer[] {
  const core = /^[A-Za-z0-9]+/.exec(value)?.[0] ?? '';
  if (core.length < 16) throw new RangeError('A canary needs at least 16 letters or digits at its beginning.');
  return [Buffer.from(core, 'utf8'), Buffer.from(core, 'utf16le')].flatMap((plain) => [plain, ...[0, 1, 2].map((shift) => inBase64(plain, shift))]);
}

/** What every base64 text that holds `plain` at the given alignment contains. */
function inBase64(plain: Buffer, shift: number): Buffer {
  const text = Buffer.concat([Buffer.alloc(shift), plain]).toString('base64').replace(/=+$/, '');
  // The first characters mix with what stands before, the last with what follows.
  return Buffer.from(text.slice(Math.ceil((shift * 4) / 3), -1), 'latin1');
}

/** Names of the canaries that the bytes hold. */
export function canariesIn(bytes: Buffer, canaries: readonly Canary[]): string[] {
  return canaries.filter((canary) => needlesOf(canary).some((needle) => bytes.includes(needle))).map(({ name }) => name);
}

const needles = new WeakMap<Canary, readonly Buffer[]>();

function needlesOf(canary: Canary): readonly Buffer[] {
  const known = needles.get(canary) ?? disguises(canary.value);
  needles.set(canary, known);
  return known;
}

/** Every file below `folder` that holds a canary, as `path: name`; also where a file's own name does. */
export function canariesInTree(folder: string, canaries: readonly Canary[], except: readonly string[] = []): string[] {
  const finds: string[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (except.includes(path)) continue;
    for (const name of canariesIn(Buffer.from(entry.name), canaries)) finds.push(`${path} (its name): ${name}`);
    if (entry.isDirectory()) finds.push(...canariesInTree(path, canaries, except));
    else if (entry.isFile() && statSync(path).size > 0) for (const name of canariesIn(readFileSync(path), canaries)) finds.push(`${path}: ${name}`);
  }
  return finds;
}

/** Looks at the arguments and the environment of every process again and again until disposed of. */
export class ProcessWatch implements Disposable {
  readonly finds = new Set<string>();
  /** How often all processes were looked at. */
  looks = 0;
  readonly #canaries: readonly Canary[];
  readonly #timer: NodeJS.Timeout;
  /** What was searched last in each place: most of it is the same at the next look, and the search is what takes the time. */
  #searched = new Map<string, Buffer>();

  constructor(canaries: readonly Canary[]) {
    this.#canaries = canaries;
    this.#timer = setInterval(() => { this.look(); }, 25);
  }

  look(): void {
    this.looks += 1;
    const searched = new Map<string, Buffer>();
    for (const id of readdirSync('/proc')) {
      if (!/^\d+$/.test(id)) continue;
      for (const file of ['cmdline', 'environ']) {
        const place = `/proc/${id}/${file}`;
        try {
          const bytes = readFileSync(place);
          if (this.#searched.get(place)?.equals(bytes) !== true) for (const name of canariesIn(bytes, this.#canaries)) this.finds.add(`${file}: ${name}`);
          searched.set(place, bytes);
        } catch {
          // It ended meanwhile, or belongs to somebody else.
        }
      }
    }
    this.#searched = searched;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
