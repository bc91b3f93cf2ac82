// What only the operating system can bring. ICU comes before anything runs dotnet, which aborts without it.
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { keepAuthorities } from './authorities.mjs';
import { run, say, SetupError, which } from './shell.mjs';

const libraryFolders = ['/lib', '/usr/lib', '/lib64', '/usr/lib64', ...['/lib', '/usr/lib'].flatMap((f) => [`${f}/x86_64-linux-gnu`, `${f}/aarch64-linux-gnu`])];
const hasLibrary = (pattern) => libraryFolders.some((f) => existsSync(f) && readdirSync(f).some((name) => pattern.test(name)));
const hasFont = (folder = '/usr/share/fonts') =>
  existsSync(folder) && readdirSync(folder, { recursive: true }).some((name) => /\.(ttf|otf|ttc)$/i.test(String(name)));

/** Each thing needed: the Debian 12 package that brings it, and how to see that it is there whoever brought it. */
const needs = {
  icu: { package: 'libicu72', there: () => hasLibrary(/^libicuuc\.so\.\d+/) },
  tls: { package: 'libssl3', there: () => hasLibrary(/^libssl\.so\.(3|1\.1)/) },
  certificates: { package: 'ca-certificates', there: () => existsSync('/etc/ssl/certs/ca-certificates.crt') || existsSync('/etc/pki/tls/certs') },
  sshd: { package: 'openssh-server', there: () => which('sshd') !== undefined },
  keygen: { package: 'openssh-client', there: () => which('ssh-keygen') !== undefined },
  gssapi: { package: 'libgssapi-krb5-2', there: () => hasLibrary(/^libgssapi_krb5\.so\.2/) },
  ntlm: { package: 'gss-ntlmssp', there: () => libraryFolders.some((f) => existsSync(`${f}/gssntlmssp/gssntlmssp.so`)) },
  kdc: { package: 'krb5-kdc', there: () => which('krb5kdc') !== undefined },
  kadmin: { package: 'krb5-admin-server', there: () => which('kadmin.local') !== undefined },
  kinit: { package: 'krb5-user', there: () => which('kinit') !== undefined },
  pywinrm: { package: 'python3-winrm', there: () => existsSync('/usr/lib/python3/dist-packages/winrm') },
  pywinrmKerberos: { package: 'python3-requests-kerberos', there: () => existsSync('/usr/lib/python3/dist-packages/requests_kerberos') },
  pythonGssapi: { package: 'python3-gssapi', there: () => existsSync('/usr/lib/python3/dist-packages/gssapi') },
  go: { package: 'golang-go', there: () => existsSync('/usr/bin/go') },
  goWinrm: { package: 'golang-github-masterzen-winrm-dev', there: () => existsSync('/usr/share/gocode/src/github.com/masterzen/winrm') },
  // Without what it recommends: the playbooks in docs/ use ansible-core alone.
  ansible: { package: 'ansible-core', there: () => which('ansible-playbook') !== undefined },
  chromium: { package: 'chromium', there: () => which('chromium', 'chromium-browser', 'google-chrome') !== undefined },
  fonts: { package: 'fonts-dejavu-core', there: () => hasFont() },
};

export const labNeeds = ['icu', 'tls', 'certificates', 'sshd', 'keygen', 'gssapi', 'ntlm', 'kdc', 'kadmin', 'kinit'];
/** Programs of other people: WinRM clients that judge the listener and are measured beside ours, and Ansible, which runs docs/ansible. */
export const judgeNeeds = ['pywinrm', 'pywinrmKerberos', 'pythonGssapi', 'go', 'goWinrm', 'ansible'];
export const browserNeeds = ['chromium', 'fonts'];

const isRoot = () => process.getuid?.() === 0;

// Packages that carry services must not start them on this machine: Debian asks this file, which is there for the moment only.
const quietly = 'policy=/usr/sbin/policy-rc.d; if [ ! -e "$policy" ]; then trap \'rm -f "$policy"\' EXIT; printf "#!/bin/sh\\nexit 101\\n" >"$policy"; chmod 755 "$policy"; fi; "$@"';

/** apt waits for dpkg's lock itself, but not for the lock on its lists. */
async function apt(what, args) {
  const command = ['sh', '-c', quietly, 'sh', 'apt-get', '-q', '-o', 'DPkg::Lock::Timeout=600', ...args];
  const full = isRoot() ? command : ['sudo', ...(process.stdin.isTTY ? [] : ['-n']), 'DEBIAN_FRONTEND=noninteractive', ...command];
  for (let attempt = 1; ; attempt++) {
    try {
      return await run(what, full[0], full.slice(1), { env: { DEBIAN_FRONTEND: 'noninteractive' }, minutes: 20, log: 'debian' });
    } catch (error) {
      if (attempt >= 60 || !/could not get lock|unable to lock/i.test(error.message)) throw error;
      if (attempt === 1) say('another package manager is at work, waiting for it');
      await sleep(5_000);
    }
  }
}

/** Installs the packages for those `names` that are missing; does nothing, in milliseconds, when none is. */
export async function bringDebianPackages(names) {
  const missing = names.filter((name) => !needs[name].there()).map((name) => needs[name].package);
  if (missing.length > 0) {
    const list = missing.join(' ');
    if (!which('apt-get')) throw new SetupError(`this machine lacks ${list} and has no apt-get: install what corresponds to them and run again.`);
    if (!isRoot() && !which('sudo')) throw new SetupError(`this machine lacks ${list}: run as root once, or: apt-get install ${list}`);
    say(`Debian packages: ${list}`);
    await apt('apt-get update', ['update']);
    const restoreAuthorities = keepAuthorities(([command, ...args]) => isRoot() ? run('keeping certificate authorities', command, args) : run('keeping certificate authorities', 'sudo', [command, ...args]));
    try {
      await apt(`installing ${list}`, ['install', '-y', '--no-install-recommends', ...missing]);
    } finally {
      await restoreAuthorities();
    }
    const still = names.filter((name) => !needs[name].there()).map((name) => needs[name].package);
    if (still.length > 0) throw new SetupError(`apt-get installed ${list}, but ${still.join(' ')} cannot be found.`);
  }
  // sshd refuses to start as root without it, and only the service, which never runs here, would make it.
  if (isRoot() && names.includes('sshd') && !existsSync('/run/sshd')) mkdirSync('/run/sshd', { mode: 0o755, recursive: true });
}
