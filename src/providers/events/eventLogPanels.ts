import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { EventFilter } from '../../events/event-filter.ts';
import type { EventRef, PageState } from '../../events/protocol.ts';
import type { Member } from '../fleet.ts';
import { eventViews } from '../ids.ts';
import type { Logger } from '../logger.ts';
import { EventLog } from './eventLog.ts';
import { pageStateOf, type KeptPages } from './keptPages.ts';
import { pageHtml } from './pageHtml.ts';

/** Editor tabs that show events, one for each choice of servers. */
export class EventLogPanels implements vscode.Disposable {
  readonly #extension: vscode.Uri;
  readonly #log: Logger;
  readonly #kept: KeptPages;
  readonly #open = new Map<string, { readonly panel: vscode.WebviewPanel; readonly events: EventLog }>();

  constructor(extension: vscode.Uri, log: Logger, kept: KeptPages) {
    this.#extension = extension;
    this.#log = log;
    this.#kept = kept;
  }

  /** Shows the events of these servers, in the tab that already does where there is one. */
  async show(members: readonly Member[], filter?: EventFilter, focus?: EventRef): Promise<void> {
    const key = keyOf(members);
    const standing = this.#open.get(key);
    if (standing !== undefined) {
      standing.panel.reveal();
      await standing.events.show(filter, focus);
      return;
    }
    const panel = vscode.window.createWebviewPanel(eventViews.log, '', vscode.ViewColumn.Active, {});
    await this.#attach(panel, members, undefined).show(filter, focus);
  }

  /** A tab of an earlier window: it shows again what it showed, and reads the servers when the person asks. */
  restore(panel: vscode.WebviewPanel, state: unknown, members: readonly Member[]): void {
    const editors = pageStateOf(state);
    const wanted = editors?.source.flatMap((key) => members.find((member) => member.key === key) ?? []) ?? [];
    if (wanted.length === 0) {
      panel.dispose();
      return;
    }
    this.#attach(panel, wanted, this.#kept.latest(keyOf(wanted), editors)).waitForPerson();
  }

  /** A server was diagnosed anew: its tabs may offer something else. */
  diagnosed(member: Member): void {
    for (const { events } of this.#open.values()) if (events.members.some(({ owner }) => owner === member.owner)) events.diagnosed();
  }

  dispose(): void {
    for (const { panel } of [...this.#open.values()]) panel.dispose();
  }

  #attach(panel: vscode.WebviewPanel, members: readonly Member[], state: PageState | undefined): EventLog {
    const key = keyOf(members);
    const events = new EventLog(members, this.#log, (message) => { void panel.webview.postMessage(message); }, state, (now) => { this.#kept.keep(key, now); });
    panel.title = events.title;
    showPage(panel.webview, this.#extension, events.title);
    const heard = panel.webview.onDidReceiveMessage((message: unknown) => { void events.host.receive(message); });
    this.#open.set(key, { panel, events });
    panel.onDidDispose(() => {
      heard.dispose();
      if (this.#open.get(key)?.panel === panel) this.#open.delete(key);
      void events.dispose();
    });
    return events;
  }
}

/** Puts the page into a webview: only its own folder can be loaded from. */
export function showPage(webview: vscode.Webview, extension: vscode.Uri, title: string): void {
  const folder = vscode.Uri.joinPath(extension, 'dist', 'page');
  webview.options = { enableScripts: true, enableForms: false, localResourceRoots: [folder] };
  webview.html = pageHtml({
    script: webview.asWebviewUri(vscode.Uri.joinPath(folder, 'main.js')).toString(), style: webview.asWebviewUri(vscode.Uri.joinPath(folder, 'events.css')).toString(),
    source: webview.cspSource, nonce: randomBytes(16).toString('base64url'), title, language: vscode.env.language,
  });
}

function keyOf(members: readonly Member[]): string {
  return members.map((member) => member.key).sort().join('\n');
}
