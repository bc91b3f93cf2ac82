import type { PlanId, StepId } from '../../connect/ids.ts';
import type { Broken, Member } from '../fleet.ts';

/** What a node stands for: commands read it, the tree does not. */
export type Subject =
  | { readonly kind: 'server'; readonly member: Member }
  | { readonly kind: 'broken'; readonly broken: Broken }
  | { readonly kind: 'group'; readonly members: readonly Member[] }
  | { readonly kind: 'finding'; readonly member: Member; readonly plan: PlanId | undefined; readonly text: string }
  | { readonly kind: 'plan'; readonly member: Member; readonly plan: PlanId }
  | { readonly kind: 'step'; readonly member: Member; readonly step: StepId; readonly target: string | undefined; readonly run?: string }
  | { readonly kind: 'task'; readonly member: Member; readonly text: string }
  | { readonly kind: 'unfinished'; readonly member: Member; readonly text: string }
  | { readonly kind: 'run'; readonly member: Member; readonly run: string; readonly title: string }
  | { readonly kind: 'evidence'; readonly member: Member; readonly log: string; readonly recordId: number; readonly text: string }
  | { readonly kind: 'fact'; readonly member: Member; readonly text: string };

/** One node of the tree, as data: what it says, how it looks, what is below it. */
export interface TreeNode {
  /** Unique and the same after every refresh. */
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  /** A product icon's name and a theme colour. */
  readonly icon?: { readonly name: string; readonly colour?: string };
  /** What `viewItem` sees. */
  readonly context?: string;
  /** Markdown source, made when the pointer rests on the node. */
  readonly tooltip?: () => string;
  /** What a screen reader says instead of label and description. */
  readonly spoken?: string;
  readonly expanded?: boolean;
  readonly children?: () => readonly TreeNode[];
  /** What a click does, beside choosing the node. */
  readonly command?: { readonly id: string; readonly title: string };
  readonly subject: Subject;
}
