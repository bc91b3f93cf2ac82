// The event page: plain DOM, no library. Talks to the extension host by src/events/protocol.ts.
import { protocolVersion } from '../../src/events/protocol.ts';
import { App } from './app.ts';
import { Host, type EditorApi } from './host.ts';

declare function acquireVsCodeApi(): EditorApi;

const api = acquireVsCodeApi();
const root = document.getElementById('page');
let app: App | undefined;
if (root !== null) {
  const host = new Host(api, (message) => {
    if (message.kind === 'init') {
      if (message.version !== protocolVersion) throw new Error(`The host speaks version ${message.version}, the page ${protocolVersion}.`);
      if (app !== undefined) return;
      document.title = message.title;
      app = new App(host, message, api.getState(), root);
      void app.start();
      return;
    }
    switch (message.kind) {
      case 'view': void app?.viewed(message.summary); break;
      case 'reading': app?.reading(message.active, message.text, message.complete); break;
      case 'notices': app?.notices(message.notices); break;
      case 'following': app?.following(message.on); break;
      case 'filters': app?.filters(message.filters); break;
      case 'servers': app?.servers(message.servers); break;
      case 'diagnosed': app?.diagnosed(message.presets); break;
      case 'show': void app?.show(message.filter, message.focus); break;
    }
  });
  host.ready(protocolVersion);
}
