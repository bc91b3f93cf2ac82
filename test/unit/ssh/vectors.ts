/** Keys, their fingerprints and hashed names as OpenSSH 9.2's ssh-keygen printed them (-t, -lf, -H). */
export const ed25519 = {
  line: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHnzbZC4XzYzafMhmHOs20XPP2qOpNr1LSVzumy7DLzd',
  fingerprint: 'SHA256:bPvJEqWdIQvJX04qmoniYSotW8KPhRmW62azf8vlmiI',
};
export const ecdsa = {
  line: 'ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBKWQDFqxmbk4BiexB3wTIV7pc1BvBtirfTgdncoBjQT6uJ3XprEwAki9yFBcereMhqeTQP4Rw8GoO+4XDAkLCqo=',
  fingerprint: 'SHA256:6JmhWBUq6xkC6UFkZmcOKs8M4KNgJWfDHiPMslSwsS8',
};
export const rsa = {
  line: 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQCRTHmVJ2M8iICTF4PnGDMSoKAzS/60eqPH5jOKbJa74w556L7MpOeBURjcrbRrCcsEfG34R4y5OhP22sNekPTvQdWnik3AcOFsU9U2Q75bxHpwGHvn5jCeOYStvUcHaiQFWHqfF+a/T7Rm9j7c4k3ySgpOyidKrnj1D3BAh6oj2klqjfq7YQjSo/QksE5u3+pYEGuwWMsL8IZY0KMBvWQ1e749mQJx/aSGjx70xQk8kZQ6U8exFjaLoUUqLrQaSOHImJCdkYyPZev8ADDmMONkuCZ5+yhocYE8jiO8jkWgpr48wGLSKWCKIGoFz3ja+aTvF++lPIZQn9x7jyMEsvx3',
  fingerprint: 'SHA256:4AyFxLHEOh1Y8KBHUTBfNeNA/bkVeZjSiKFVX001vxE',
};
/** `ssh-keygen -H` of aadc01.contoso.example, [aadc02.contoso.example]:2222 and 10.1.2.3. */
export const hashed = {
  plainPort: `|1|zyY8843W1XTshFsJUzZTs/5zMQo=|6EadI+QiOwcn8dczgUqdAdGaJuw= ${ed25519.line}`,
  otherPort: `|1|Lly7f3WzHox06WjoIjTxsLl60Lg=|e5KrKcoC6q9he4wcvzo2pJZG9Ow= ${ecdsa.line}`,
  address: `|1|5WXyJPQCdfRB+H0+DRjst+DGdRo=|8JuzuxiuQ3+p+MX0SCI0MfUSTXE= ${rsa.line}`,
};

/** The key blob of a public key line. */
export function blob(line: string): Buffer {
  return Buffer.from(line.split(' ')[1] ?? '', 'base64');
}
