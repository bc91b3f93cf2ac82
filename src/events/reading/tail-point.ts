/** Where a live tail stands in one log: everything up to `recordId` was looked at. Plain data, so that a tail can be taken up again. */
export interface TailPoint {
  readonly recordId: number;
  /** The last event that came. Where another one has its record id, the log was cleared in between. */
  readonly anchor?: { readonly recordId: number; readonly time: number } | undefined;
}

/** What a look at a log says about the events since the last one. */
export type TailVerdict =
  /** It goes on where it stood. */
  | { readonly kind: 'on' }
  /** Record ids began anew: somebody emptied the log. */
  | { readonly kind: 'cleared' }
  /** The log is full and the oldest events made room: these were never seen. */
  | { readonly kind: 'gap'; readonly from: number; readonly to: number };

/** What the reach of a log says. An undefined number says nothing. */
export function judgeReach(point: TailPoint, reach: { readonly oldest: number | undefined; readonly newest: number | undefined }): TailVerdict {
  if (reach.newest !== undefined && reach.newest < point.recordId) return { kind: 'cleared' };
  if (point.recordId > 0 && reach.newest !== 0 && reach.oldest !== undefined && reach.oldest > point.recordId + 1) return { kind: 'gap', from: point.recordId + 1, to: reach.oldest - 1 };
  return { kind: 'on' };
}

/**
 * Whether the anchor is still the event it was: `first` is the first event from its record id on that meets the filter, as it did.
 * True where nothing can be said, since the log has no event that old any more.
 */
export function anchorHolds(point: TailPoint, oldest: number | undefined, first: { readonly recordId: number; readonly time: number } | undefined): boolean {
  const { anchor } = point;
  if (anchor === undefined || oldest === undefined || oldest > anchor.recordId) return true;
  return first !== undefined && first.recordId === anchor.recordId && first.time === anchor.time;
}
