/** What the extension logs through; the editor's log channel has this shape. */
export interface Logger {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** A text of this length or more counts as a secret; shorter ones would redact half the log. */
const shortestSecret = 4;
/** How many lines are kept for a report about the extension itself. */
const kept = 300;

/** A logger that replaces every secret it was told of, wherever it stands in a message. */
export class RedactingLogger implements Logger {
  readonly #inner: Logger;
  readonly #secrets = new Set<string>();
  readonly #recent: string[] = [];

  constructor(inner: Logger) {
    this.#inner = inner;
  }

  /** Never lets this text through from now on. */
  hide(secret: string): void {
    if (secret.length >= shortestSecret) this.#secrets.add(secret);
  }

  debug(message: string): void { this.#write('debug', message); }
  info(message: string): void { this.#write('info', message); }
  warn(message: string): void { this.#write('warn', message); }
  error(message: string): void { this.#write('error', message); }

  /** The last lines, oldest first, without any secret that was told of since either. */
  recent(): readonly string[] {
    return this.#recent.map((line) => this.redact(line));
  }

  #write(level: keyof Logger, message: string): void {
    const text = this.redact(message);
    this.#inner[level](text);
    this.#recent.push(`${new Date().toISOString()} ${level} ${text}`);
    if (this.#recent.length > kept) this.#recent.shift();
  }

  /** The text without any secret that it was told of. */
  redact(message: string): string {
    let text = message;
    for (const secret of this.#secrets) text = text.replaceAll(secret, '••••••');
    return text;
  }
}
