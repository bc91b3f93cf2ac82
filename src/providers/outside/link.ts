/** What a link into the editor may ask for; nothing that changes a server is among it. */
export const linkActions = ['open', 'diagnose'] as const;
export type LinkAction = (typeof linkActions)[number];

/** A link that was understood, or why it was not. */
export type Link = { readonly action: LinkAction; readonly server: string } | { readonly refused: 'unknown-action' | 'malformed' };

/** Longest name of a server in a link, in characters. */
const nameLimit = 100;

/**
 * Reads `/open?server=NAME` or `/diagnose?server=NAME`. Whoever wrote the link is unknown: anything beyond that is refused, not passed over.
 * @param query without its question mark, decoded, as the editor's own `Uri` has it: nothing is decoded a second time
 */
export function parseLink({ path, query, fragment }: { readonly path: string; readonly query: string; readonly fragment: string }): Link {
  const action = linkActions.find((one) => path === `/${one}`);
  if (action === undefined) return { refused: 'unknown-action' };
  const server = /^server=([^&=#]+)$/.exec(query)?.[1];
  // Control and direction characters would make the question say something else than what is done.
  if (fragment !== '' || server === undefined || server.length > nameLimit || server.trim() !== server || /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(server)) return { refused: 'malformed' };
  return { action, server };
}
