import assert from 'node:assert/strict';
import { parseLink } from '../../../src/providers/outside/link.ts';

const link = (path: string, query: string, fragment = ''): ReturnType<typeof parseLink> => parseLink({ path, query, fragment });

describe('links from outside', () => {
  it('open or diagnose one server', () => {
    assert.deepEqual(link('/open', 'server=AADC01'), { action: 'open', server: 'AADC01' });
    assert.deepEqual(link('/diagnose', 'server=Sync Ü+%41'), { action: 'diagnose', server: 'Sync Ü+%41' });
  });

  it('ask for nothing else: no run, no step, no plan, no other spelling', () => {
    for (const path of ['', '/', '/run', '/plan/full-abandonment', '/step', '/Open', '/open/', '//open', '/open/../diagnose', '/toString']) {
      assert.deepEqual(link(path, 'server=AADC01'), { refused: 'unknown-action' }, path);
    }
  });

  it('are refused where they are not exactly a name', () => {
    for (const query of ['', 'server=', 'server', 'name=A', 'server=A&plan=full-abandonment', 'server=A&server=B', 'server= A', 'server=A ', 'server=A=B', 'server=A\u0000', 'server=A\nB', 'server=A\u202eB', 'server=A\u200b', `server=${'a'.repeat(101)}`, 'server=A\u2028B']) {
      assert.deepEqual(link('/open', query), { refused: 'malformed' }, query);
    }
    assert.deepEqual(link('/open', 'server=A', 'x'), { refused: 'malformed' });
  });
});
