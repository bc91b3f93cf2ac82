import { createHash, getHashes } from 'node:crypto';
import { decodeOid } from './asn1/oid.ts';
import { DerReader } from './asn1/read.ts';
import { DerTag } from './asn1/write.ts';
import { signatureHash } from './signature-hash.ts';

const prefix = Buffer.from('tls-server-end-point:', 'latin1');

/**
 * The `tls-server-end-point` channel binding of a TLS connection, as GSS-API application data: its name, a colon, and
 * the hash of the server's certificate (RFC 5929, 4; RFC 5056, 2.1). The hash function is the one of the certificate's
 * signature, with SHA-256 in place of MD5 and SHA-1 (4.1).
 *
 * Undefined where that RFC leaves the binding undefined, since the signature names no single hash function (Ed25519 and
 * Ed448 hash inside the signature; a signature algorithm that is not known), or where the platform lacks the function.
 * Nothing is bound then: only a server that insists on it will refuse.
 * @param certificateDer the certificate that the server sent for itself, in DER
 * @throws AuthError where it is not a certificate
 */
export function channelBindingOf(certificateDer: Uint8Array): Uint8Array | undefined {
  const hash = signatureHash(signatureAlgorithm(certificateDer));
  if (hash === undefined || !getHashes().some((name) => name.toLowerCase() === hash)) return undefined;
  return Buffer.concat([prefix, createHash(hash).update(certificateDer).digest()]);
}

/** The outer signatureAlgorithm of a certificate (RFC 5280, 4.1). */
function signatureAlgorithm(certificateDer: Uint8Array): { oid: string; parameters: Uint8Array | undefined } {
  const outer = new DerReader(certificateDer, 'The server\'s certificate');
  const certificate = outer.enter(DerTag.sequence);
  outer.end();
  certificate.expect(DerTag.sequence);
  const algorithm = certificate.enter(DerTag.sequence);
  const oid = decodeOid(algorithm.expect(DerTag.oid));
  return { oid, parameters: algorithm.atEnd ? undefined : algorithm.next().whole };
}
