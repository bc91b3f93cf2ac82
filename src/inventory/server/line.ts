/** One line of block YAML, as far as its place in the file is concerned. */
export interface Line {
  /** Column of what follows the indentation and the list marks; the line's length where nothing follows. */
  readonly column: number;
  /** Column of the last list mark; undefined where the line has none. */
  readonly dash: number | undefined;
  /** The key that stands here, without quotes. */
  readonly key: string | undefined;
  /** Column of its colon. */
  readonly colon: number | undefined;
  /** Nothing, or only a comment. */
  readonly blank: boolean;
}

const shape = /^(\s*(?:-\s+)*(?:-$)?)("(?:[^"\\]|\\.)*"|'[^']*'|[^\s#{}[\],&*!|>'"%@`-][^#]*?|<<|-[^\s#][^#]*?)?(\s*:)?(?=\s|$)/;

/** Reads one line by itself: no state of the lines above, so text inside of block scalars may look like a key. */
export function readLine(text: string): Line {
  const found = shape.exec(text);
  const lead = found?.[1] ?? '';
  const column = lead.length;
  const dash = lead.lastIndexOf('-');
  const key = found?.[3] === undefined ? undefined : found[2];
  return {
    column,
    dash: dash < 0 ? undefined : dash,
    key: key?.replace(/^["']|["']$/g, ''),
    colon: key === undefined ? undefined : column + key.length + (found?.[3]?.length ?? 1) - 1,
    blank: /^\s*(?:#|$)/.test(text),
  };
}
