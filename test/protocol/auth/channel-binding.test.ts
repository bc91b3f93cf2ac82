import assert from 'node:assert/strict';
import { channelBindingOf } from '../../../src/remote/auth/channel-binding.ts';
import { AuthError } from '../../../src/remote/auth/error.ts';
import { channelBindingHash } from '../../../src/remote/auth/ntlm/target-info.ts';
// Made once with OpenSSL, one for each signature algorithm; the hashes are what the named `openssl` command printed for the DER.
import certificates from './certificates.json' with { type: 'json' };

const fixtures: Readonly<Record<string, { der: string; openssl?: string; hash?: string }>> = certificates;

describe('the channel binding tls-server-end-point (RFC 5929, 4)', () => {
  for (const [name, { der, openssl, hash }] of Object.entries(fixtures)) {
    it(hash === undefined ? `does not exist for ${name}` : `of ${name} is what ${openssl ?? ''} says`, () => {
      const binding = channelBindingOf(Buffer.from(der, 'base64'));
      if (hash === undefined) {
        assert.equal(binding, undefined);
        return;
      }
      assert.ok(binding !== undefined);
      const text = Buffer.from(binding);
      assert.equal(text.toString('latin1', 0, 21), 'tls-server-end-point:');
      assert.equal(text.toString('hex', 21), hash);
    });
  }

  it('refuses what is not a certificate, at every length', () => {
    const der = Buffer.from(fixtures['pss-sha512']?.der ?? '', 'base64');
    assert.ok(der.length > 500);
    for (let size = 0; size < der.length; size++) assert.throws(() => channelBindingOf(der.subarray(0, size)), AuthError);
  });

  it('hashes into NTLM as a gss_channel_bindings_struct without addresses', () => {
    // Independent: printf '\0…(16 zero bytes)\x18\0\0\0tls-server-end-point:abc' | openssl dgst -md5
    assert.equal(channelBindingHash(Buffer.from('tls-server-end-point:abc')).toString('hex'), 'feb0fffbc725957540b287e8c838dfd9');
  });
});
