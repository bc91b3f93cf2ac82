/** What the extension logs through; the editor's log channel has this shape. */
export interface Logger {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** A text of this length or more counts as a secret; shorter ones would redact half the log. */
const shortestSecret = 4;

/** A logger that replaces every secret it was told of, wherever it stands in a message. */
export class RedactingLogger implements Logger {
  readonly #inner: Logger;
  readonly #secrets = new Set<string>();

  constructor(inner: Logger) {
    this.#inner = inner;
  }

  /** Never lets this text through from now on. */
  hide(secret: string): void {
    if (secret.length >= shortestSecret) this.#secrets.add(secret);
  }

  debug(message: string): void { this.#inner.debug(this.redact(message)); }
  info(message: string): void { this.#inner.info(this.redact(message)); }
  warn(message: string): void { this.#inner.warn(this.redact(message)); }
  error(message: string): void { this.#inner.error(this.redact(message)); }

  /** The text without any secret that it was told of. */
  redact(message: string): string {
    let text = message;
    for (const secret of this.#secrets) text = text.replaceAll(secret, '••••••');
    return text;
  }
}
