/**
 * The one interface between everything above and every transport: types only.
 * A session is one PowerShell runspace pool with one runspace on a Connect server (MS-PSRP 1.3), reached over
 * SSH, WinRM or a local process; nothing above this file can tell which.
 */

/** A value that came from, or goes to, the remote runspace. */
export type PSValue =
  | null
  | string
  | number
  | bigint
  | boolean
  | Uint8Array
  | PSDate
  | PSDecimal
  | PSTyped
  | SecureString
  | PSObject
  | readonly PSValue[]
  | ReadonlyMap<PSValue, PSValue>;

/** `DT`: a DateTime. `raw` keeps the seven fractional digits and the kind (`Z`, none, offset) that a Date cannot hold. */
export interface PSDate {
  readonly kind: 'date';
  readonly date: Date;
  readonly raw: string;
}

/** `D`: a Decimal, as the text that came (`1.10` keeps its zero). */
export interface PSDecimal {
  readonly kind: 'decimal';
  readonly text: string;
}

/** A simple value whose .NET type matters and that JavaScript lacks: Version, Guid, Uri, TimeSpan, Char, XmlDocument, ScriptBlock. */
export interface PSTyped {
  readonly kind: 'typed';
  readonly type: 'Version' | 'Guid' | 'Uri' | 'TimeSpan' | 'Char' | 'Xml' | 'ScriptBlock';
  readonly text: string;
}

/** A secret. Outgoing it is sent encrypted with the session key (MS-PSRP 2.2.5.1.24); it never prints or serializes itself. */
export interface SecureString {
  readonly kind: 'secure-string';
  /** The plain text, for the encoder and for a host's answer only. */
  reveal(): string;
}

/** Any other object: its type names, its text, its properties (adapted and extended), and the value it wraps, if any. */
export interface PSObject {
  readonly kind: 'object';
  readonly typeNames: readonly string[];
  readonly toStringValue: string | undefined;
  readonly properties: Readonly<Record<string, PSValue>>;
  /** The base value of an enum or a primitive that carries note properties; the items of a list that has properties. */
  readonly value: PSValue | undefined;
}

/** Which stream a record came on. */
export type StreamName = StreamRecord['stream'];

/** One record of a pipeline, in arrival order. */
export type StreamRecord =
  | { readonly stream: 'output'; readonly value: PSValue }
  | { readonly stream: 'error'; readonly value: RemoteErrorRecord }
  | { readonly stream: 'warning' | 'verbose' | 'debug'; readonly value: string }
  | { readonly stream: 'information'; readonly value: InformationRecord }
  | { readonly stream: 'progress'; readonly value: ProgressRecord };

/** A remote ErrorRecord (MS-PSRP 2.2.3.15), in either of the forms that 5.1 and 7 send. */
export interface RemoteErrorRecord {
  readonly message: string;
  readonly fullyQualifiedErrorId: string;
  readonly category: { readonly category: string; readonly activity: string; readonly reason: string; readonly targetName: string; readonly targetType: string };
  readonly exceptionType: string;
  /** HRESULT of the exception, where the server sent one. */
  readonly hresult: number | undefined;
  readonly target: string | undefined;
  readonly script: { readonly text: string; readonly line: number; readonly column: number } | undefined;
  readonly scriptStackTrace: string | undefined;
  /** Inner exceptions, outermost first. */
  readonly inner: readonly { readonly type: string; readonly message: string }[];
  readonly recommendedAction: string | undefined;
}

/** An information record; `host` says that Write-Host made it, with its colours (.NET ConsoleColor numbers). */
export interface InformationRecord {
  readonly message: string;
  readonly source: string;
  readonly tags: readonly string[];
  readonly host: { readonly foreground: number | undefined; readonly background: number | undefined; readonly noNewLine: boolean } | undefined;
}

/** A progress record. `percent` is -1 where unknown, `secondsRemaining` likewise. */
export interface ProgressRecord {
  readonly activityId: number;
  readonly parentActivityId: number;
  readonly activity: string;
  readonly status: string;
  readonly currentOperation: string;
  readonly percent: number;
  readonly secondsRemaining: number;
  readonly completed: boolean;
}

/** Who answered. `psVersion` and `edition` come from `$PSVersionTable`, asked by script when the session opened. */
export interface PeerInfo {
  readonly psVersion: string;
  readonly edition: string;
  readonly protocolVersion: string;
  readonly computerName: string;
  /** How the server was reached, for people: `SSH`, `WinRM over HTTPS`, `local process`. */
  readonly transport: string;
  /** How this client proved who it is, for people: `NTLM`, `Kerberos`; absent where nothing more than the connection says so. */
  readonly authentication?: string | undefined;
  /** How the channel is encrypted, for people; undefined where nothing leaves this machine. */
  readonly encryption: string | undefined;
}

export interface InvokeOptions {
  /** Bound by name as PSRP parameters, never pasted into the text. */
  readonly parameters?: Readonly<Record<string, PSValue>>;
  /**
   * Pipeline input; absent means NoInput. Where it holds not one value, a `process` block runs once or not at all: PowerShell decides by
   * whether the end of the input or the start of the script comes first. `$input` is empty either way.
   */
  readonly input?: AsyncIterable<PSValue> | Iterable<PSValue>;
  /** Aborting sends a real pipeline stop. */
  readonly signal?: AbortSignal;
  /** Answers the pipeline's host calls; without it prompts are refused at once. */
  readonly host?: SessionHost;
  /** Longest silence, in milliseconds, before the pipeline is given up as a lost connection; 0 waits for ever. Default 0. */
  readonly silenceLimit?: number;
  /** A name for the log line and error text. */
  readonly name?: string;
  /** `local` (default): variables and functions end with the script. `runspace`: they stay, as at a prompt. */
  readonly scope?: 'local' | 'runspace';
  /** A command that takes the script's output in the same pipeline, as a prompt's formatter does. The script stays whole and is parsed by itself. */
  readonly pipedTo?: PipedCommand;
}

/** A command at the end of a pipeline; its parameters are bound by name. */
export interface PipedCommand {
  readonly command: string;
  readonly parameters: Readonly<Record<string, PSValue>>;
}

/** A prompt's field (MS-PSRP 2.2.3.18 FieldDescription). */
export interface PromptField {
  readonly name: string;
  readonly label: string;
  readonly help: string;
  readonly typeName: string;
}

/** What a pipeline may ask of the person in front of it. Throwing or rejecting refuses the call; the pipeline then sees an error. */
export interface SessionHost {
  readLine?(): Promise<string>;
  readLineAsSecureString?(): Promise<SecureString>;
  prompt?(caption: string, message: string, fields: readonly PromptField[]): Promise<Readonly<Record<string, PSValue>>>;
  promptForCredential?(caption: string, message: string, userName: string, targetName: string): Promise<{ userName: string; password: SecureString }>;
  promptForChoice?(caption: string, message: string, choices: readonly { label: string; help: string }[], defaultChoice: number): Promise<number>;
  /** Text written straight to the host (Write-Host on old servers, `$Host.UI.Write`). */
  write?(text: string, colours: { foreground: number | undefined; background: number | undefined }): void;
  setExitCode?(code: number): void;
}

/** How a pipeline ended. */
export interface PipelineResult {
  readonly state: 'completed' | 'failed' | 'stopped';
  readonly hadErrors: boolean;
  /** The terminating error of a failed pipeline. */
  readonly error: RemoteErrorRecord | undefined;
  /** Milliseconds from sending to the first record and to the end. */
  readonly timings: { readonly firstRecord: number | undefined; readonly total: number };
}

/** A running pipeline. Iterating applies back-pressure; not iterating loses nothing but holds the server back. */
export interface Pipeline extends AsyncIterable<StreamRecord> {
  /** Settles when the server reported the end. Rejects with a RemoteError only where the connection failed. */
  readonly result: Promise<PipelineResult>;
  /** Sends a pipeline stop and waits for the server's answer; a second call drops the connection. */
  stop(): Promise<void>;
}

export interface PowerShellSession extends AsyncDisposable {
  readonly peer: PeerInfo;
  readonly capabilities: { readonly reconnect: boolean; readonly maxFragment: number };
  /** False once the connection was lost or closed. */
  readonly alive: boolean;
  /** Settles once, when the session ends: undefined after an orderly close, else why. */
  readonly closed: Promise<RemoteFailure | undefined>;
  invoke(script: string, options?: InvokeOptions): Pipeline;
  /** Present where `capabilities.reconnect`. */
  readonly disconnection?: SessionDisconnection | undefined;
}

/** Leaving a session on the server, with what runs in it, and coming back (MS-PSRP 3.1.4.9 and 3.1.4.10). */
export interface SessionDisconnection {
  /** By which `DisconnectedSessions.connect` finds the session, also from another process: to be kept before anything long runs. */
  readonly id: string;
  /** Leaves it: the running pipeline goes on until its output fills the server's buffer. Disposing the session then leaves it there too. */
  disconnect(): Promise<void>;
  /** Comes back; the pipeline's records go on where they stopped. */
  reconnect(): Promise<void>;
}

/** Sessions that were left on a server by this or another process. */
export interface DisconnectedSessions {
  /** Those of the own account (an administrator's: of all accounts) that nobody is connected to. */
  list(signal?: AbortSignal): Promise<readonly { readonly id: string; readonly owner: string }[]>;
  /** Takes one over. Its pipelines are given with the output that waited for somebody; what had been read before is not repeated. */
  connect(id: string, signal?: AbortSignal): Promise<{ readonly session: PowerShellSession; readonly pipelines: readonly Pipeline[] }>;
}

/** Why reaching or talking to a server failed; the error class that carries it is RemoteError in src/remote/error.ts. */
export interface RemoteFailure {
  readonly reason: RemoteFailureReason;
  /** Which server, as the servers file names it, with host and port. */
  readonly server: string;
  /** One sentence: what was tried and what came back. */
  readonly message: string;
  /** One sentence: what to do next. */
  readonly remedy: string;
  /** What came, quoted and bounded, where seeing it helps. */
  readonly quoted: string | undefined;
}

export type RemoteFailureReason =
  | 'unreachable'
  | 'host-key-unknown'
  | 'host-key-changed'
  | 'certificate-refused'
  | 'access-denied'
  | 'quota-exceeded'
  | 'authentication-failed'
  | 'not-windows-powershell'
  | 'bad-peer'
  | 'silent-peer'
  | 'limit-exceeded'
  | 'connection-lost'
  | 'cancelled'
  | 'unsupported'
  | 'closed';

/** A program of this machine that serves a session on its standard input and output (MS-PSRP over the out-of-process framing). */
export interface SessionProgram {
  /** Absolute, or found by PATH. */
  readonly file: string;
  readonly args: readonly string[];
  /** The whole environment; the one of this process where absent. */
  readonly env?: Readonly<Record<string, string>>;
}

/** One server, resolved from the servers file or built by the lab: everything a transport needs, no secrets. */
export interface SessionTarget {
  readonly name: string;
  readonly host: string;
  readonly transport: 'ssh' | 'winrm' | 'local';
  /** Undefined: the transport's own (22; WinRM 5985 over http, 5986 over https). */
  readonly port: number | undefined;
  readonly user: string | undefined;
  /** Absolute path of a private key; undefined: whatever ssh_config, the agent and the default keys give, then a password. */
  readonly identityFile: string | undefined;
  /** The one way to authenticate over SSH; absent: the key where `identityFile` is given, else all in turn. */
  readonly auth?: 'key' | 'agent' | 'password' | undefined;
  /** SSH servers on the way, in order, each as the servers file resolved it; empty: none, whatever ssh_config says; absent: what ssh_config says. */
  readonly jump?: readonly JumpTarget[] | undefined;
  /** Present where `transport` is `winrm`. */
  readonly winrm?: WinRmTarget | undefined;
}

/** One SSH server on the way to another. The host may be an alias of ssh_config. */
export interface JumpTarget {
  /** As the servers file names it. */
  readonly name: string;
  readonly host: string;
  readonly port: number | undefined;
  readonly user: string | undefined;
  readonly identityFile: string | undefined;
  readonly auth?: 'key' | 'agent' | 'password' | undefined;
  /** True: nothing lies before it, whatever ssh_config says. */
  readonly direct?: boolean | undefined;
}

/** How to authenticate over WinRM. `negotiate`: Kerberos where there is a ticket, else NTLMv2. */
export type WinRmAuth = 'negotiate' | 'kerberos' | 'ntlm' | 'basic' | 'certificate';

/** What only WinRM needs. Paths are absolute. */
export interface WinRmTarget {
  readonly scheme: 'http' | 'https';
  readonly auth: WinRmAuth;
  /** Certificate authorities to trust instead of the system's, PEM. */
  readonly caFile: string | undefined;
  /** Client certificate and its private key, PEM; both present where `auth` is `certificate`. */
  readonly certificateFile: string | undefined;
  readonly keyFile: string | undefined;
}

/** A TLS certificate that is not trusted by itself. */
export interface CertificateQuestion {
  readonly server: string;
  readonly subject: string;
  readonly issuer: string;
  /** SHA-256 of the DER certificate, upper-case hexadecimal with colons. */
  readonly fingerprint: string;
  /** As ISO 8601 in UTC. */
  readonly validFrom: string;
  readonly validTo: string;
  /** One sentence: why it is not trusted. */
  readonly problem: string;
}

/** What a server asks by keyboard-interactive (RFC 4256). All texts are the server's: never to be trusted. */
export interface InteractiveQuestion {
  readonly server: string;
  readonly user: string;
  readonly name: string;
  readonly instructions: string;
  /** `echo`: what is typed may be seen. */
  readonly prompts: readonly { readonly text: string; readonly echo: boolean }[];
}

/** What connecting may ask a person. Rejecting or resolving to undefined cancels the connection. */
export interface ConnectPrompts {
  /** An unknown host key: shown with its fingerprint (`SHA256:…`, unpadded base64 as OpenSSH prints it). True pins it. */
  trustHostKey(question: { server: string; algorithm: string; fingerprint: string; /** What else to know, one sentence. */ note?: string }): Promise<boolean>;
  /** A TLS certificate that no known authority vouches for. True pins its fingerprint for this server. */
  trustCertificate(question: CertificateQuestion): Promise<boolean>;
  /** The password of `user`; `retry` says that the last one was refused. */
  password(question: { server: string; user: string; retry: boolean }): Promise<SecureString | undefined>;
  /** The passphrase of a private key file. */
  passphrase(question: { server: string; keyFile: string; retry: boolean }): Promise<SecureString | undefined>;
  /** One answer for each prompt. Absent: a server that asks for more than a password is refused. */
  interactive?(question: InteractiveQuestion): Promise<readonly SecureString[] | undefined>;
  /** Hears what is tried and what the server says to it, one line each, for a log. */
  note?(line: string): void;
}

/** One authenticated way to a server; sessions are opened over it, each with its own runspace pool. */
export interface ServerConnection extends AsyncDisposable {
  readonly server: string;
  readonly alive: boolean;
  readonly closed: Promise<RemoteFailure | undefined>;
  openSession(signal?: AbortSignal): Promise<PowerShellSession>;
  /** Present where sessions outlive their connection. */
  readonly disconnected?: DisconnectedSessions | undefined;
}

/** Reaches a server. Rejects with a RemoteError; the signal cancels at any point. */
export type Connect = (target: SessionTarget, prompts: ConnectPrompts, signal: AbortSignal) => Promise<ServerConnection>;
