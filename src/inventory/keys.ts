/** What a key's value must be. */
export type ValueRule =
  | { readonly kind: 'text'; readonly longest: number; readonly lines?: true }
  | { readonly kind: 'host' }
  | { readonly kind: 'path' }
  | { readonly kind: 'port' }
  | { readonly kind: 'choice'; readonly choices: readonly string[] };

export interface KeyRule {
  readonly value: ValueRule;
  readonly description: string;
  /** Whether `defaults` may hold it. */
  readonly inherited: boolean;
  /** The one transport on which the key means something; without it, all. */
  readonly only?: 'ssh' | 'winrm';
}

/** Every key of an entry under `servers`; the JSON schema is made from the same table. */
export const serverKeys = {
  name: { value: { kind: 'text', longest: 100 }, inherited: false, description: 'A label for the tree. Never the server\'s identity: confirmations name what the server itself reports.' },
  host: { value: { kind: 'host' }, inherited: false, description: 'DNS name or IP address; for ssh also a host of ~/.ssh/config.' },
  computerName: { value: { kind: 'text', longest: 100 }, inherited: false, description: 'The computer name that the server should report; another one is shown as a contradiction.' },
  serviceAccount: { value: { kind: 'text', longest: 256 }, inherited: true, description: 'The account that the ADSync service should run as, for example CONTOSO\\svc-aadc.' },
  role: { value: { kind: 'choice', choices: ['active', 'staging'] }, inherited: true, description: 'Whether the server exports (active) or stands by (staging).' },
  transport: { value: { kind: 'choice', choices: ['ssh', 'winrm', 'local'] }, inherited: true, description: 'How the server is reached: ssh, winrm, or local where VS Code runs on the Connect server itself.' },
  scheme: { value: { kind: 'choice', choices: ['http', 'https'] }, inherited: true, only: 'winrm', description: 'For WinRM: http (every message is encrypted by NTLM or Kerberos) or https. Left out: https for basic and certificate, else http.' },
  port: { value: { kind: 'port' }, inherited: true, description: 'TCP port. Left out: for ssh Port of ~/.ssh/config, else 22; 5985 for WinRM over http, 5986 over https.' },
  user: { value: { kind: 'text', longest: 256 }, inherited: true, description: 'The user to log on as, for example CONTOSO\\admin. Left out for ssh: User of ~/.ssh/config. Left out for WinRM: the Kerberos ticket of whoever runs VS Code.' },
  auth: { value: { kind: 'choice', choices: ['key', 'agent', 'password', 'negotiate', 'kerberos', 'ntlm', 'basic', 'certificate'] }, inherited: true, description: 'How to authenticate. ssh: key, agent or password; left out, the key where identityFile is given, else in turn the agent, the keys of ~/.ssh/config and a password. winrm: negotiate (Kerberos where there is a ticket, else NTLM), kerberos, ntlm, basic (https only) or certificate (https only); left out, certificate where certificateFile is given, else negotiate.' },
  identityFile: { value: { kind: 'path' }, inherited: true, only: 'ssh', description: 'For ssh: private key file, absolute or from ~. Its passphrase is asked, unless an agent holds the key.' },
  jump: { value: { kind: 'text', longest: 512 }, inherited: true, only: 'ssh', description: 'For ssh: the servers on the way, in order, with commas between them: names of entries of this file, or user@host:port. none: straight, whatever ~/.ssh/config says. Left out: what ~/.ssh/config says.' },
  caFile: { value: { kind: 'path' }, inherited: true, only: 'winrm', description: 'For WinRM over https: certificate authorities to trust, PEM.' },
  certificateFile: { value: { kind: 'path' }, inherited: true, only: 'winrm', description: 'For WinRM: client certificate, PEM.' },
  keyFile: { value: { kind: 'path' }, inherited: true, only: 'winrm', description: 'For WinRM: private key of the client certificate, PEM.' },
  notes: { value: { kind: 'text', longest: 4000, lines: true }, inherited: false, description: 'Anything worth knowing; shown with the server.' },
} as const satisfies Record<string, KeyRule>;

export type ServerKey = keyof typeof serverKeys;

export const serverKeyNames = Object.keys(serverKeys) as ServerKey[];
export const defaultsKeyNames = serverKeyNames.filter((name) => serverKeys[name].inherited);
export const fileKeyNames = ['version', 'defaults', 'groups', 'servers'] as const;
export const groupKeyNames = ['name', 'defaults', 'servers'] as const;

/** What a host may look like: a DNS name (also an international one) or an IPv4 or IPv6 address, without brackets. */
export const hostPattern = '^(?:[\\p{L}\\p{N}_][\\p{L}\\p{N}._-]{0,252}|(?=(?:[^:]*:){2})[0-9A-Fa-f:.]{2,45}(?:%[A-Za-z0-9._-]{1,32})?)$';
/** One line without control characters, not only spaces. */
export const linePattern = '^[^\\p{Cc}]*[^\\p{Cc}\\s][^\\p{Cc}]*$';
/** A path that means the same wherever the file lies: from the home folder, or absolute on POSIX or Windows. */
export const pathPattern = '^(?:~|(?:~[\\\\/]|/|[A-Za-z]:[\\\\/]|\\\\\\\\)[^\\p{Cc}]*)$';
/** Longest path. */
export const longestPath = 1024;

/** Whether a key looks as if its value were a secret. */
export function namesSecret(key: string): boolean {
  return /^(?:.*(?:password|passphrase|passwd|secret)|pass|pwd|token|.*apikey|.*accesskey|privatekey|credentials?)$/.test(plain(key));
}

/** Whether a key looks as if its value were run. A file that comes with a repository must not choose programs. */
export function namesExecutable(key: string): boolean {
  return /^(?:.*(?:command|executable|program|shell|pwsh|script)(?:path|file)?|cmd|exe|exec|run|binary)$/.test(plain(key));
}

function plain(key: string): string {
  return key.toLowerCase().replace(/[-_ .]/g, '');
}
