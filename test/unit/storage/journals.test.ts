import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Journals } from '../../../src/storage/journals.ts';

describe('journals', () => {
  let folder: string;
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'journals-')); });
  afterEach(() => { rmSync(folder, { recursive: true, force: true }); });

  it('are on disk, in order, one line an entry, before append resolves', async () => {
    const sink = new Journals(join(folder, 'runs')).sink('run-1');
    await sink.append('{"seq":1}\n');
    assert.equal(readFileSync(join(folder, 'runs', 'run-1.jsonl'), 'utf8'), '{"seq":1}\n');
    await sink.append('{"seq":2}');
    assert.deepEqual(await new Journals(join(folder, 'runs')).read('run-1'), ['{"seq":1}', '{"seq":2}']);
  });

  it('can be read by their owner only', async () => {
    await new Journals(join(folder, 'runs')).sink('run-1').append('{}');
    assert.equal(statSync(join(folder, 'runs', 'run-1.jsonl')).mode & 0o077, 0);
    assert.equal(statSync(join(folder, 'runs')).mode & 0o077, 0);
  });

  it('never leave their folder, whatever a run is called', async () => {
    await new Journals(join(folder, 'runs')).sink('../../evil').append('{}');
    assert.deepEqual(readdirSync(folder), ['runs']);
    assert.equal(readdirSync(join(folder, 'runs')).length, 1);
  });

  it('say that they could not be written instead of losing an entry', async () => {
    writeFileSync(join(folder, 'runs'), 'a file in the way');
    await assert.rejects(new Journals(join(folder, 'runs')).sink('run-1').append('{}'));
  });
});
