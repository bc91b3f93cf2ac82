import { decodeOid } from './asn1/oid.ts';
import { DerReader } from './asn1/read.ts';
import { DerTag } from './asn1/write.ts';

const pkcs1 = '1.2.840.113549.1.1.';
const ecdsa = '1.2.840.10045.4.';
const nistHash = '2.16.840.1.101.3.4.2.';
const nistSignature = '2.16.840.1.101.3.4.3.';
const rsaPss = `${pkcs1}10`;

/** Signature algorithms with one fixed hash function, MD5 and SHA-1 already replaced (RFC 5929, 4.1). */
const fixed: Readonly<Record<string, string>> = {
  [`${pkcs1}4`]: 'sha256',
  [`${pkcs1}5`]: 'sha256',
  [`${pkcs1}11`]: 'sha256',
  [`${pkcs1}12`]: 'sha384',
  [`${pkcs1}13`]: 'sha512',
  [`${pkcs1}14`]: 'sha224',
  [`${pkcs1}15`]: 'sha512-224',
  [`${pkcs1}16`]: 'sha512-256',
  [`${ecdsa}1`]: 'sha256',
  [`${ecdsa}3.1`]: 'sha224',
  [`${ecdsa}3.2`]: 'sha256',
  [`${ecdsa}3.3`]: 'sha384',
  [`${ecdsa}3.4`]: 'sha512',
  // DSA (RFC 3279, RFC 5758).
  '1.2.840.10040.4.3': 'sha256',
  [`${nistSignature}1`]: 'sha224',
  [`${nistSignature}2`]: 'sha256',
  [`${nistSignature}3`]: 'sha384',
  [`${nistSignature}4`]: 'sha512',
  // ECDSA and RSA with SHA-3 (RFC 9688 uses the same identifiers).
  [`${nistSignature}9`]: 'sha3-224',
  [`${nistSignature}10`]: 'sha3-256',
  [`${nistSignature}11`]: 'sha3-384',
  [`${nistSignature}12`]: 'sha3-512',
  [`${nistSignature}13`]: 'sha3-224',
  [`${nistSignature}14`]: 'sha3-256',
  [`${nistSignature}15`]: 'sha3-384',
  [`${nistSignature}16`]: 'sha3-512',
};

/** Hash functions that RSASSA-PSS parameters may name (RFC 4055, 2.1). */
const named: Readonly<Record<string, string>> = {
  '1.3.14.3.2.26': 'sha256',
  [`${nistHash}1`]: 'sha256',
  [`${nistHash}2`]: 'sha384',
  [`${nistHash}3`]: 'sha512',
  [`${nistHash}4`]: 'sha224',
  [`${nistHash}5`]: 'sha512-224',
  [`${nistHash}6`]: 'sha512-256',
  [`${nistHash}7`]: 'sha3-224',
  [`${nistHash}8`]: 'sha3-256',
  [`${nistHash}9`]: 'sha3-384',
  [`${nistHash}10`]: 'sha3-512',
};

/**
 * The hash function that RFC 5929, 4.1 derives from a certificate's signature algorithm, by Node's name for it;
 * undefined where the algorithm has none of its own or is not known.
 * @param algorithm its identifier, and its parameters as a DER element
 * @throws AuthError where RSASSA-PSS parameters are broken
 */
export function signatureHash(algorithm: { oid: string; parameters: Uint8Array | undefined }): string | undefined {
  return algorithm.oid === rsaPss ? pssHash(algorithm.parameters) : fixed[algorithm.oid];
}

/** RSASSA-PSS-params: the hash is SHA-1 unless [0] says otherwise (RFC 4055, 3.1). */
function pssHash(parameters: Uint8Array | undefined): string | undefined {
  if (parameters === undefined) return 'sha256';
  const fields = new DerReader(parameters, 'The server\'s certificate').enter(DerTag.sequence);
  const hash = fields.optional(DerTag.context0);
  if (hash === undefined) return 'sha256';
  const oid = new DerReader(hash, 'The server\'s certificate').enter(DerTag.sequence).expect(DerTag.oid);
  return named[decodeOid(oid)];
}
