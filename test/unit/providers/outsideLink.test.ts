import assert from 'node:assert/strict';
import { parseLink } from '../../../src/providers/outside/link.ts';

const link = (path: string, query: string, fragment = ''): ReturnType<typeof parseLink> => parseLink({ path, query, fragment });

describe('links from outside', () => {
  it('open or diagnose one server', () => {
    assert.deepEqual(link('/open', 'server=AADC01'), { action: 'open', server: 'AADC01' });
    assert.deepEqual(link('/diagnose', 'server=Sync%20%C3%9C'), { action: 'diagnose', server: 'Sync Ü' });
  });

  it('ask for nothing else: no run, no step, no plan, no other spelling', () => {
    for (const path of ['', '/', '/run', '/plan/full-abandonment', '/step', '/Open', '/open/', '//open', '/open/../diagnose', '/toString']) {
      assert.deepEqual(link(path, 'server=AADC01'), { refused: 'unknown-action' }, path);
    }
  });

  it('are refused where they are not exactly a name', () => {
    for (const query of ['', 'server=', 'server', 'name=A', 'server=A&plan=full-abandonment', 'server=A&server=B', 'server=%', 'server=%E0%A4', 'server= A', 'server=A%00', 'server=A%0AB', 'server=A%E2%80%AEB', 'server=A%E2%80%8B', `server=${'a'.repeat(101)}`, 'server=A%E2%80%A8B']) {
      assert.deepEqual(link('/open', query), { refused: 'malformed' }, query);
    }
    assert.deepEqual(link('/open', 'server=A', 'x'), { refused: 'malformed' });
  });
});
