import assert from 'node:assert/strict';
import { Rc4 } from '../../../src/remote/auth/ntlm/rc4.ts';

/** RFC 6229, 2: the key stream's bytes at these offsets, 16 at each. */
const offsets = [0, 16, 240, 4096] as const;
const streams: readonly (readonly [key: string, bytes: string])[] = [
  ['0102030405', 'b2396305f03dc027ccc3524a0a1118a8 6982944f18fc82d589c403a47a0d0919 28cb1132c96ce286421dcaadb8b69eae ff25b58995996707e51fbdf08b34d875'],
  ['01020304050607', '293f02d47f37c9b633f2af5285feb46b e620f1390d19bd84e2e0fd752031afc1 914f02531c9218810df60f67e338154c e74b0b9731227fd37c0ec08a47ddd8b8'],
  ['0102030405060708', '97ab8a1bf0afb96132f2f67258da15a8 8263efdb45c4a18684ef87e6b19e5b09 9636ebc9841926f4f7d1f362bddf6e18 3fb46e2c8f0f068edce8cdcd7dfc5862'],
  ['0102030405060708090a', 'ede3b04643e586cc907dc21851709902 03516ba78f413beb223aa5d4d2df6711 3cfd6cb58ee0fdde640176ad0000044d 08b6be45124a43e2eb77953f84dc8553'],
  ['0102030405060708090a0b0c0d0e0f10', '9ac7cc9a609d1ef7b2932899cde41b97 5248c4959014126a6e8a84f11d1a9e1c 065902e4b620f6cc36c8589f66432f2b a36a4c301ae8ac13610ccbc12256cacc'],
  ['0102030405060708090a0b0c0d0e0f101112131415161718', '0595e57fe5f0bb3c706edac8a4b2db11 dfde31344a1af769c74f070aee9e2326 b06b9b1e195d13d8f4a7995c4553ac05 3cb0f3b5020a98b82af9fe154484a168'],
  ['0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20', 'eaa6bd25880bf93d3f5d1e4ca2611d91 cfa45c9f7e714b54bdfa80027cb14380 114ae344ded71b35f2e60febad727fd8 f3e4c0a2e02d1d01f7f0a74618af2b48'],
  ['833222772a', '80ad97bdc973df8a2e879e92a497efda 20f060c2f2e5126501d3d4fea10d5fc0 faa148e99046181fec6b2085f3b20ed9 bf42c3018c2f7c66bfde524975768115'],
  ['1910833222772a', 'bc9222dbd3274d8fc66d14ccbda6690b 7ae627410c9a2be693df5bb7485a63e3 3f0931aa03defb300f060103826f2a64 027881fab4993a1c262024a94fff3f61'],
  ['641910833222772a', 'bbf609de9413172d07660cb680716926 46101a6dab43115d6c522b4fe93604a9 cbe1fff21c96f3eef61e8fe0542cbdf0 8170cc3ccd92a698621b939dd38fe7b9'],
  ['8b37641910833222772a', 'ab65c26eddb287600db2fda10d1e605c bb759010c29658f2c72d93a2d16d2930 b901e8036ed1c383cd3c4c4dd0a6ab05 5f6bfc73815874d97100f086979357d8'],
  ['ebb46227c6cc8b37641910833222772a', '720c94b63edf44e131d950ca211a5a30 c366fdeacf9ca80436be7c358424d20b b3394a40aabf75cba42282ef25a0059f 5bbeb4787d59e5373fdbea6c6f75c29b'],
  ['c109163908ebe51debb46227c6cc8b37641910833222772a', '54b64e6b5a20b5e2ec84593dc7989da7 c135eee237a85465ff97dc03924f45ce cfcc922fb4a14ab45d6175aabbf2d201 e4dd2e98d6960fae0b43545456743391'],
  ['1ada31d5cf688221c109163908ebe51debb46227c6cc8b37641910833222772a', 'dd5bcb0018e922d494759d7c395d02d3 c8446f8f77abf737685353eb89a1c9eb af3e30f9c095045938151575c3fb9098 370b1c1fe655916d97fd0d47ca1d72b8'],
];
const longest = 4096 + 16;

describe('RC4 (RFC 6229)', () => {
  for (const [key, bytes] of streams) {
    it(`makes the stream of the ${key.length * 4}-bit key ${key.slice(0, 8)}…`, () => {
      const stream = new Rc4(Buffer.from(key, 'hex')).update(Buffer.alloc(longest));
      assert.deepEqual(offsets.map((offset) => stream.subarray(offset, offset + 16).toString('hex')), bytes.split(' '));
    });
  }

  it('goes on where it stopped, however the bytes are cut', () => {
    const key = Buffer.from('0102030405', 'hex');
    const whole = new Rc4(key).update(Buffer.alloc(1000));
    const cut = new Rc4(key);
    const parts = [0, 1, 2, 13, 255, 256, 473].map((size) => cut.update(Buffer.alloc(size)));
    assert.deepEqual(Buffer.concat(parts), whole);
  });
});
