// Other people's WinRM clients, which judge the listener and are measured beside ours: the Go one has to be compiled.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cache, root, run, say } from './shell.mjs';
import { hashFiles, isStamped, stamp } from './stamp.mjs';

const source = join('test', 'lab', 'support', 'judges', 'go_judge.go');
const target = join(cache, 'judges');

/** Builds the Go client from Debian's own source packages: nothing is fetched. */
export async function bringJudges() {
  const wanted = hashFiles([source]);
  const file = join(target, '.setup-stamp');
  if (isStamped(file, wanted)) return;
  say('Go WinRM client, about half a minute');
  mkdirSync(target, { recursive: true });
  const work = join(target, 'go-build');
  await run('building the Go WinRM client', 'go', ['build', '-o', join(target, 'go-judge'), join(root, source)],
    { env: { GO111MODULE: 'off', GOPATH: '/usr/share/gocode', GOFLAGS: '-mod=mod', GOCACHE: work, CGO_ENABLED: '0' }, log: 'judges' });
  rmSync(work, { recursive: true, force: true });
  stamp(file, wanted);
}
