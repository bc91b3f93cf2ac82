import * as vscode from 'vscode';
import type { Finding } from '../../connect/finding.ts';
import type { RunEvent } from '../../connect/run-events.ts';
import type { StreamRecord } from '../../session.ts';
import { settings } from '../ids.ts';
import { ansi, paint } from '../terminal/ansi.ts';
import { sanitize, sanitizeLine } from '../terminal/sanitize.ts';
import type { ServerTerminal } from '../terminal/serverTerminal.ts';
import type { OwnedServer } from './ownedServer.ts';
import { channelOf, placeOf } from './reach.ts';
import type { Reporter } from './reporter.ts';
import { RunPrinter } from './runPrinter.ts';
import type { ConnectionState, Problem } from './state.ts';

const severities = { ok: [ansi.green, '✔'], information: [ansi.blue, 'ℹ'], warning: [ansi.yellow, '▲'], error: [ansi.red, '✘'] } as const;

/** Tells everything to the server's terminal. */
export class TerminalReporter implements Reporter {
  readonly #terminal: ServerTerminal;
  readonly #printer: RunPrinter;
  #reveals = true;

  constructor(terminal: ServerTerminal) {
    this.#terminal = terminal;
    this.#printer = new RunPrinter(terminal.screen);
  }

  connection(server: OwnedServer, state: ConnectionState): void {
    const { t } = vscode.l10n;
    switch (state.kind) {
      case 'disconnected':
        this.#terminal.title(undefined);
        this.#terminal.note(state.idle === undefined ? t('Disconnected.') : t('The idle connection ended; the next use connects again. {0}', sanitizeLine(state.idle.message)));
        return;
      case 'connecting': {
        const where = placeOf(server.target, false);
        this.#terminal.title(t('connecting'));
        this.#terminal.note(state.again ? t('Connecting to {0} again, {1} …', server.name, where) : t('Connecting to {0}, {1} …', server.name, where));
        this.show();
        return;
      }
      case 'connected': {
        const { peer } = state;
        this.#terminal.title(undefined);
        this.#terminal.note(t('Connected to {0}: Windows PowerShell {1} ({2}), {3}.', sanitizeLine(peer.computerName === '' ? server.name : peer.computerName), sanitizeLine(peer.psVersion), sanitizeLine(peer.edition),
          sanitizeLine(channelOf(peer))), ansi.green);
        return;
      }
      case 'lost': case 'failed':
        this.#terminal.title(t('not connected'));
        if (state.kind === 'lost') this.problem(state.problem);
        return;
    }
  }

  begin(heading: string): void {
    this.#terminal.screen.begin(paint(`▶ ${heading}`, ansi.bold, ansi.blue), heading);
  }

  record(record: StreamRecord): void {
    this.#terminal.screen.record(record);
  }

  end(exitCode: number): void {
    this.#terminal.screen.end(exitCode);
  }

  findings(findings: readonly Finding[]): void {
    for (const finding of findings) {
      const [colour, sign] = severities[finding.severity];
      this.#terminal.screen.print(`${paint(`${sign} ${sanitizeLine(finding.title)}`, ansi.bold, colour)}\n  ${sanitize(finding.advice)}\n`);
    }
  }

  problem(problem: Problem): void {
    this.#terminal.note(sanitize(problem.message), ansi.red);
    if (problem.remedy !== '') this.#terminal.note(sanitize(problem.remedy), ansi.yellow);
  }

  cancelled(): void {
    this.#terminal.note(vscode.l10n.t('Cancelled.'), ansi.yellow);
  }

  interrupted(why: string | undefined): void {
    if (why === undefined) this.#terminal.note(vscode.l10n.t('^C  Stopping: waiting for the server to answer …'), ansi.yellow);
    else this.#terminal.note(vscode.l10n.t('^C  Not now: {0}', sanitize(why)), ansi.red);
  }

  run(event: RunEvent): void {
    this.#printer.show(event);
  }

  print(text: string): void {
    this.#terminal.screen.print(text);
  }

  reveals(wanted: boolean): void {
    this.#reveals = wanted;
  }

  show(): void {
    if (!this.#reveals) return;
    const reveal = vscode.workspace.getConfiguration(settings.section).get<string>(settings.revealTerminal, 'always');
    if (reveal !== 'never') this.#terminal.show(true);
  }

  dispose(): void {
    this.#terminal.dispose();
  }
}
