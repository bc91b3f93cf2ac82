// Other people's WinRM clients, which judge the listener and are measured beside ours: the Go one has to be compiled.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cache, root, run, say } from './shell.mjs';
import { hashFiles, isStamped, stamp } from './stamp.mjs';

const sources = { 'go-judge': join('test', 'lab', 'support', 'judges', 'go_judge.go'), 'go-bench': join('test', 'bench', 'peers', 'go_bench.go') };
const target = join(cache, 'judges');

/** Builds the Go client from Debian's own source packages: nothing is fetched. */
export async function bringJudges() {
  const wanted = hashFiles(Object.values(sources));
  const file = join(target, '.setup-stamp');
  if (isStamped(file, wanted)) return;
  say('Go WinRM clients, about half a minute');
  mkdirSync(target, { recursive: true });
  const work = join(target, 'go-build');
  for (const [name, source] of Object.entries(sources)) {
    await run(`building ${name}`, 'go', ['build', '-o', join(target, name), join(root, source)],
      { env: { GO111MODULE: 'off', GOPATH: '/usr/share/gocode', GOFLAGS: '-mod=mod', GOCACHE: work, CGO_ENABLED: '0' }, log: 'judges' });
  }
  rmSync(work, { recursive: true, force: true });
  stamp(file, wanted);
}
