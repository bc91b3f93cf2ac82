import assert from 'node:assert/strict';
import { killedRun, type Killed } from './support/kill-run.ts';
import { moments, victims, type Kill, type Reaper } from './support/killable-server.ts';

/** What a kill may never lead to, whatever else it does. */
function check(killed: Killed, kills = 1): void {
  const what = `${killed.states.join(' -> ')}\n${killed.said.join('\n')}`;
  assert.equal(killed.struck, kills, `nothing was killed: ${what}`);
  assert.ok(killed.verdict.abandonStarted <= 1, what);
  assert.ok(killed.verdict.healthy, `${killed.verdict.reasons.join(' ')} ${what}`);
}

/** Strikes one script of the client, counted from 0. */
function at(script: number, kill: Kill): Reaper {
  return (_, index) => index === script ? kill : undefined;
}

/** Only a few here: in memory every script is killed in every way (test/unit/run), and in the lab by `npm run soak -- kills`. */
describe('a run that is killed in the lab', function () {
  this.timeout(300_000);

  it('a client that dies after the password was set: somebody else goes on, over SSH', async () => {
    const killed = await killedRun('stale-scm-password', 'ssh', at(8, { moment: 'after', victim: 'client', lets: 0 }));
    check(killed);
    assert.match(killed.states[0] ?? '', /dead/);
    assert.ok(killed.said.some((line) => line.includes('a run of alice on alice-laptop')), killed.said.join('\n'));
  });

  it('an engine that dies in the middle of a script: the same run goes on over a new one, by a local process', async () => {
    check(await killedRun('stale-scm-password', 'local', at(11, { moment: 'during', victim: 'engine', lets: 40 })));
  });

  it('nine times in one repair that abandons the key: every victim at every moment, one client after another, over WinRM', async () => {
    const left = moments.flatMap((moment) => victims.map((victim): Kill => ({ moment, victim, lets: 60 })));
    const kills = left.length;
    let sent = 0;
    // Far enough apart for whoever goes on to get to work.
    const everySeventh: Reaper = () => ++sent % 7 === 0 ? left.shift() : undefined;
    check(await killedRun('key-lost-current', 'winrm', everySeventh, kills + 1), kills);
  });
});
