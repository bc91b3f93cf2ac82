/** Turns what came from elsewhere into a value of a known shape, or throws a ShapeError. */
export type Check<T> = (value: unknown, path?: string) => T;
/** What a check lets through. */
export type Checked<C> = C extends Check<infer T> ? T : never;

/** What came has another shape than agreed; names the place, never the value. */
export class ShapeError extends Error {
  constructor(path: string, wanted: string) {
    super(`${path}: ${wanted} expected`);
    this.name = 'ShapeError';
  }
}

type Fields = Readonly<Record<string, Check<unknown>>>;
type Shape<F extends Fields> =
  & { readonly [K in keyof F as undefined extends Checked<F[K]> ? never : K]: Checked<F[K]> }
  & { readonly [K in keyof F as undefined extends Checked<F[K]> ? K : never]?: Checked<F[K]> };

/** A text of at most `longest` UTF-16 units. */
export function text(longest: number): Check<string> {
  return (value, path = '') => {
    if (typeof value !== 'string' || value.length > longest) throw new ShapeError(path, `a text of at most ${longest} characters`);
    return value;
  };
}

/** A finite number between two others, both included. */
export function number(least: number, most: number): Check<number> {
  return (value, path = '') => {
    if (typeof value !== 'number' || !(value >= least && value <= most)) throw new ShapeError(path, `a number from ${least} to ${most}`);
    return value;
  };
}

/** A whole number between two others, both included. */
export function integer(least: number, most: number): Check<number> {
  const inRange = number(least, most);
  return (value, path = '') => {
    if (!Number.isSafeInteger(value)) throw new ShapeError(path, 'a whole number');
    return inRange(value, path);
  };
}

/** True or false. */
export const flag: Check<boolean> = (value, path = '') => {
  if (typeof value !== 'boolean') throw new ShapeError(path, 'true or false');
  return value;
};

/** One of a few texts. */
export function oneOf<const T extends string>(values: readonly T[]): Check<T> {
  return (value, path = '') => {
    const found = values.find((one) => one === value);
    if (found === undefined) throw new ShapeError(path, values.join(' or '));
    return found;
  };
}

/** The value or nothing. */
export function optional<T>(check: Check<T>): Check<T | undefined> {
  return (value, path) => (value === undefined || value === null ? undefined : check(value, path));
}

/** What either check lets through. */
export function either<A, B>(first: Check<A>, second: Check<B>): Check<A | B> {
  return (value, path) => {
    try {
      return first(value, path);
    } catch {
      return second(value, path);
    }
  };
}

/** At most `longest` of the same. */
export function list<T>(check: Check<T>, longest: number): Check<readonly T[]> {
  return (value, path = '') => {
    if (!Array.isArray(value) || value.length > longest) throw new ShapeError(path, `a list of at most ${longest}`);
    return value.map((item, index) => check(item, `${path}[${index}]`));
  };
}

/** Named texts: at most `most` of them. */
export function texts(most: number, longest: number): Check<Readonly<Record<string, string>>> {
  const check = text(longest);
  return (value, path = '') => {
    const entries = isObject(value) ? Object.entries(value) : [];
    if (!isObject(value) || entries.length > most) throw new ShapeError(path, `at most ${most} named texts`);
    return Object.fromEntries(entries.map(([name, item]) => [name, check(item, `${path}.${name}`)]));
  };
}

/** An object; fields that nobody named are left out. */
export function record<F extends Fields>(fields: F): Check<Shape<F>> {
  return (value, path = '') => {
    if (!isObject(value)) throw new ShapeError(path, 'an object');
    const result: Record<string, unknown> = {};
    for (const [name, check] of Object.entries(fields)) {
      const item = check(Object.hasOwn(value, name) ? value[name] : undefined, `${path}.${name}`);
      if (item !== undefined) result[name] = item;
    }
    return result as Shape<F>;
  };
}

/** An object whose `kind` tells which fields it has. */
export function union<V extends Readonly<Record<string, Fields>>>(variants: V): Check<{ [K in keyof V & string]: { readonly kind: K } & Shape<V[K]> }[keyof V & string]> {
  const checks = new Map(Object.entries(variants).map(([kind, fields]) => [kind, record(fields)]));
  return (value, path = '') => {
    const kind = isObject(value) && Object.hasOwn(value, 'kind') ? value['kind'] : undefined;
    const check = typeof kind === 'string' ? checks.get(kind) : undefined;
    if (check === undefined) throw new ShapeError(`${path}.kind`, [...checks.keys()].join(' or '));
    return { kind, ...check(value, path) } as { [K in keyof V & string]: { readonly kind: K } & Shape<V[K]> }[keyof V & string];
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
