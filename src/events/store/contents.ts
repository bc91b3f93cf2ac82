import { int32 } from './columns.ts';
import { packData, unpackData } from './data-text.ts';
import { HashIndex, hashNumbers } from './hash-index.ts';
import { renderMessage } from './message-template.ts';
import { Templates } from './templates.ts';
import { TextPool } from './text-pool.ts';

/** In the place of a template: the event has no message; its message is a text of its own. */
export const noMessage = -2;
export const wholeMessage = -1;
const noText = -1;

/**
 * Distinct pairs of message and values. An event holds only the number of its pair, so that a search looks at each once however
 * many events carry it.
 */
export class Contents {
  readonly texts = new TextPool();
  readonly templates = new Templates();
  /** A template's number, `noMessage` or `wholeMessage`. */
  readonly template = int32();
  /** The whole message's text, else -1. */
  readonly text = int32();
  /** The packed values' text. */
  readonly packed = int32();
  readonly #index = new HashIndex((content) => hashNumbers(this.template.at(content), this.text.at(content), this.packed.at(content)));

  get count(): number {
    return this.template.length;
  }

  intern(provider: number, id: number, message: string | undefined, data: readonly string[]): number {
    const packed = this.texts.intern(packData(data));
    const template = message === undefined ? noMessage : this.templates.find(provider, id, message, data);
    const text = template === wholeMessage && message !== undefined ? this.texts.intern(message) : noText;
    const known = this.#index.find(hashNumbers(template, text, packed), (c) => this.packed.at(c) === packed && this.template.at(c) === template && this.text.at(c) === text);
    if (known >= 0) return known;
    const content = this.count;
    this.template.push(template);
    this.text.push(text);
    this.packed.push(packed);
    this.#index.add(content);
    return content;
  }

  message(content: number): string | undefined {
    const template = this.template.at(content);
    if (template === noMessage) return undefined;
    if (template === wholeMessage) return this.texts.get(this.text.at(content));
    const made = this.templates.list[template];
    return made === undefined ? undefined : renderMessage(made, this.data(content));
  }

  data(content: number): readonly string[] {
    return unpackData(this.texts.get(this.packed.at(content)));
  }
}
