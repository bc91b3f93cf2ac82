/** CLIXML that cannot be read, or a value that cannot be written. `position` is the UTF-16 offset in the document; -1 when writing. */
export class ClixmlError extends Error {
  override readonly name = 'ClixmlError';
  readonly position: number;
  /** The document around the position, at most 80 characters. */
  readonly excerpt: string;

  constructor(message: string, position: number, document: string) {
    super(position < 0 ? message : `${message} at character ${position}`);
    this.position = position;
    this.excerpt = position < 0 ? '' : document.slice(Math.max(0, position - 40), position + 40);
  }
}
