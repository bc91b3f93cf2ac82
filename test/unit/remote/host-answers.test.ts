import assert from 'node:assert/strict';
import { answerHostCall } from '../../../src/remote/hostAnswers.ts';
import type { HostCall } from '../../../src/remote/psrp/hostCall.ts';
import { WsmanFaultError } from '../../../src/remote/wsman/fault.ts';

const call = (method: string): HostCall => ({ pipeline: undefined, callId: 1n, methodId: 0, method, parameters: [], wantsAnswer: true });

describe('a script that asks something', () => {
  for (const method of ['ReadLine', 'ReadLineAsSecureString', 'Prompt', 'PromptForCredential1', 'PromptForCredential2', 'PromptForChoice', 'PromptForChoiceMultipleSelection', 'ReadKey']) {
    it(`gets an error at once instead of hanging where nobody can answer: ${method}`, async () => {
      for (const host of [undefined, {}]) assert.deepEqual(await answerHostCall(call(method), host), { refusal: `This host has nobody who could answer ${method}.` });
    });
  }

  it('gets the answer where there is somebody, and an error where they fail', async () => {
    assert.deepEqual(await answerHostCall(call('ReadLine'), { readLine: () => Promise.resolve('typed') }), { result: 'typed' });
    assert.deepEqual(await answerHostCall(call('ReadLine'), { readLine: () => Promise.reject(new Error('The box was closed.')) }), { refusal: 'The box was closed.' });
  });
});

describe('a second hop', () => {
  it('is explained where it is met', () => {
    const { failure } = new WsmanFaultError('AADC01', 'Running the command', { code: 0x8009030e, subcodes: [], text: '' });
    assert.equal(failure.reason, 'access-denied');
    assert.match(failure.message, /no credentials on that server for going on to another one/);
    assert.match(failure.remedy, /double hop.*on the server itself.*delegation/);
  });
});
