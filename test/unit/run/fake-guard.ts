import type { FakeServer } from './fake-server.ts';
import { ScriptError } from './fake-session.ts';

/** What the guard in front of every acting script says about this server now; throws as the script would. Written from the hazards, not from the client. */
export function checkGuard(server: FakeServer, text: string): void {
  for (const line of text.split('\n').filter((one) => one !== '')) {
    const at = line.indexOf('=');
    const [name, value] = [line.slice(0, at), line.slice(at + 1)];
    const stop = (why: string): never => { throw new ScriptError(`guard:${name === 'not-running' ? 'build' : name === 'database-used' ? 'database' : name} because ${why}`); };
    const running = server.state === 'Running';
    switch (name) {
      case 'machine': if (value !== `${server.computerName}|${server.machineId}`) stop('another machine answers.'); break;
      case 'lock': {
        const live = (entry: Record<string, string>): boolean =>
          server.clock.time - Date.parse(entry['heartbeat'] ?? '') <= Number(entry['leaseSeconds']) * 1000 && Date.parse(entry['bootTime'] ?? '') >= Date.parse('2026-10-01T00:00:00Z') - 120_000;
        const held = [...server.locks].filter(([, entry]) => entry['state'] === 'held' && entry['takenBy'] === '' && live(entry));
        if (!held.some(([id]) => id === value.toLowerCase())) stop('this run does not hold the lock of this server any more.');
        if (held.some(([id]) => id !== value.toLowerCase())) stop('another run holds the lock.');
        break;
      }
      case 'account': if (value !== server.startName) stop(`ADSync runs as ${server.startName} now.`); break;
      case 'enabled': if (server.startMode === 'Disabled') stop('the service is disabled.'); break;
      case 'not-running': if (running) stop('ADSync runs now.'); break;
      case 'build': if (value !== server.build) stop(`the build is ${server.build} now.`); break;
      case 'wizard': if (server.wizardOpen) stop('the wizard is open.'); break;
      case 'programs': if (server.serviceManagerOpen || server.wizardOpen) stop('a program is open.'); break;
      case 'no-newer': if (server.events.some((event) => event.provider === 'ADSync' && [6201, 6227, 6231, 6603].includes(event.id) && event.recordId > Number(value))) stop('the keys have changed.'); break;
      case 'controller':
        if (server.controllerUnknown) throw new ScriptError('guard:controller-unknown because it cannot be told whether one answers (nltest 5).');
        if (!server.writableController) stop('no writable domain controller answers.');
        break;
      case 'database-used': if (running && server.databaseBytes / 1_048_576 >= Number(value.split('|')[1])) stop('the database has grown.'); break;
      case 'database': if (running && server.databaseBytes / 1_048_576 >= Number(value.split('|')[1])) stop('the database has grown.'); break;
      case 'idle': if (running && server.busyReadings > 0) stop('a synchronization has begun.'); break;
      case 'password-mode': if (server.applicationMode) stop("this server signs in as 'Application'."); break;
      case 'database-process': if (!server.remoteSql && !server.databaseAlive) stop('the database process does not run.'); break;
      case 'utility': if (server.utilityAlive) stop('miiskmu.exe runs.'); break;
      default: stop(`the check ${name} is not known here.`);
    }
  }
}
