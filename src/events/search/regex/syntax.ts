/** What is wrong with a search, for the page to say in the user's language. */
export interface RegexProblem {
  readonly code: 'too-long' | 'too-complex' | 'unclosed-group' | 'unclosed-class' | 'unexpected-parenthesis' | 'nothing-to-repeat' | 'bad-range' | 'bad-repetition' | 'trailing-backslash' | 'unsupported';
  /** In code units from the start of the pattern. */
  readonly position: number;
  /** The piece of the pattern that is meant. */
  readonly detail: string;
}

/** A set of code units: ranges, both ends included. */
export interface UnitClass {
  readonly ranges: readonly (readonly [number, number])[];
  readonly negated: boolean;
}

export type Anchor = 'start' | 'end' | 'word-boundary' | 'no-word-boundary';

export type RegexNode =
  | { readonly kind: 'class'; readonly of: UnitClass }
  | { readonly kind: 'anchor'; readonly anchor: Anchor }
  | { readonly kind: 'sequence'; readonly nodes: readonly RegexNode[] }
  | { readonly kind: 'either'; readonly nodes: readonly RegexNode[] }
  | { readonly kind: 'repeat'; readonly node: RegexNode; readonly least: number; readonly most: number };
