import type { ProgressRecord, StreamRecord } from '../../session.ts';
import { progressText } from './progressLine.ts';
import { renderRecord } from './render.ts';
import { endMark, startMark } from './marks.ts';
import type { Transcript } from './transcript.ts';
import { WordWrap } from './wordWrap.ts';

const clearLine = '\r\u001b[K';

/**
 * Turns records and headings into what a terminal gets, byte for byte: keeps the progress line below the output, redrawn
 * in place, and tells the transcript the same without styles. Knows no terminal: text goes to `write`.
 */
export class Screen {
  readonly #write: (text: string) => void;
  readonly #transcript: Transcript;
  readonly #wrap = new WordWrap();
  /** Undefined until a terminal has said how wide it is. */
  #columns: number | undefined;
  #atLineStart = true;
  #progress: ProgressRecord | undefined;
  #drawn = false;
  #open = false;

  constructor(write: (text: string) => void, transcript: Transcript) {
    this.#write = write;
    this.#transcript = transcript;
  }

  /** The terminal's width in cells. */
  resize(columns: number): void {
    this.#columns = columns;
  }

  /** Shows one record of a pipeline. */
  record(record: StreamRecord): void {
    if (record.stream === 'progress') this.#setProgress(record.value);
    else this.print(renderRecord(record));
  }

  /** Prints styled text of ours; a server's text has gone through renderRecord or sanitize before. */
  print(text: string): void {
    if (text === '') return;
    this.#transcript.append(text);
    const erase = this.#drawn ? clearLine : '';
    this.#drawn = false;
    const broken = this.#columns === undefined ? text : this.#wrap.wrap(text, this.#columns);
    this.#write(`${erase}${broken.replace(/\n/g, '\r\n')}`);
    this.#atLineStart = text.endsWith('\n');
    this.#draw();
  }

  /** Begins a marked section (a step, a diagnosis); ends the one before, if it was left open. */
  begin(heading: string, commandLine: string): void {
    if (this.#open) this.end(0);
    this.#clearProgress();
    if (!this.#atLineStart) this.print('\n');
    this.#transcript.append(`${heading}\n`);
    this.#write(startMark(heading, commandLine));
    this.#wrap.newLine();
    this.#open = true;
  }

  /** Ends the marked section with an exit code; 0 is success. */
  end(exitCode: number): void {
    this.#clearProgress();
    if (!this.#atLineStart) this.print('\n');
    if (this.#open) this.#write(endMark(exitCode));
    this.#open = false;
  }

  #setProgress(record: ProgressRecord): void {
    if (record.completed) {
      if (this.#progress?.activityId === record.activityId) this.#clearProgress();
      return;
    }
    this.#progress = record;
    this.#draw();
  }

  #clearProgress(): void {
    this.#progress = undefined;
    if (this.#drawn) this.#write(clearLine);
    this.#drawn = false;
  }

  #draw(): void {
    if (this.#progress === undefined || !this.#atLineStart) return;
    this.#write(`${clearLine}${progressText(this.#progress, this.#columns ?? 80)}`);
    this.#drawn = true;
  }
}
