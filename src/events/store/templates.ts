import { deriveTemplate, renderMessage, type MessageTemplate } from './message-template.ts';

/** Templates in all; a server whose every message looks new gets no more. */
const mostTemplates = 4096;
/** Templates of one provider and id, tried one after the other. Languages, versions and equal values make several. */
const mostOfOne = 8;

/** Finds the template that makes an event's message out of its values, exactly. */
export class Templates {
  readonly list: MessageTemplate[] = [];
  readonly #byKind = new Map<string, { readonly codes: number[]; misses: number }>();

  /** The number of a template that renders exactly this message, or -1: keep it whole. */
  find(provider: number, id: number, message: string, values: readonly string[]): number {
    if (values.length === 0) return -1;
    const kind = `${provider} ${id}`;
    let known = this.#byKind.get(kind);
    if (known === undefined) {
      if (this.#byKind.size >= mostTemplates) return -1;
      this.#byKind.set(kind, known = { codes: [], misses: 0 });
    }
    for (const [at, code] of known.codes.entries()) {
      const template = this.list[code];
      if (template === undefined || !fits(template, message, values)) continue;
      // The one that fitted last fits next.
      if (at > 0) known.codes.splice(0, 0, ...known.codes.splice(at, 1));
      return code;
    }
    if (known.codes.length >= mostOfOne || known.misses >= mostOfOne || this.list.length >= mostTemplates) return -1;
    const derived = deriveTemplate(message, values);
    if (derived === undefined || !fits(derived, message, values)) {
      known.misses++;
      return -1;
    }
    const code = this.list.push(derived) - 1;
    known.codes.unshift(code);
    return code;
  }
}

function fits(template: MessageTemplate, message: string, values: readonly string[]): boolean {
  return message.startsWith(template.literals[0] ?? '') && message.endsWith(template.literals.at(-1) ?? '') && renderMessage(template, values) === message;
}
