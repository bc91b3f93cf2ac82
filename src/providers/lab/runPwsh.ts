import { spawn } from 'node:child_process';

/** Milliseconds: a first start compiles the engine host, which takes some seconds on an idle machine. */
const patience = 300_000;
/** Most that is kept of what it prints, in characters. */
const outputLimit = 1 << 20;

/** Runs PowerShell to its end and gives its output. Rejects with what it wrote to standard error where it fails, takes too long or is aborted. */
export async function runPwsh(pwsh: string, args: readonly string[], options: { readonly input: string; readonly env: Readonly<Record<string, string>>; readonly signal: AbortSignal }): Promise<string> {
  const limit = AbortSignal.timeout(patience);
  const policy = process.platform === 'win32' ? ['-ExecutionPolicy', 'Bypass'] : [];
  const child = spawn(pwsh, ['-NoLogo', '-NoProfile', '-NonInteractive', ...policy, ...args], {
    stdio: 'pipe', windowsHide: true, signal: AbortSignal.any([options.signal, limit]), killSignal: 'SIGKILL',
    env: { ...process.env, ...options.env, POWERSHELL_TELEMETRY_OPTOUT: '1', NO_COLOR: '1' },
  });
  const texts = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => { if (texts.out.length < outputLimit) texts.out += text; });
  child.stderr.setEncoding('utf8').on('data', (text: string) => { if (texts.err.length < outputLimit) texts.err += text; });
  child.stdin.on('error', () => { /* A program that ends early does not read its input. */ });
  child.stdin.end(options.input);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', (error) => { reject(limit.aborted ? new Error(`${pwsh} did not end within ${patience / 1000} s.`) : error); });
    child.once('close', resolve);
  });
  options.signal.throwIfAborted();
  if (code === 0) return texts.out;
  const said = (texts.err.trim() || texts.out.trim()).slice(0, 2000);
  throw new Error(`${pwsh} ended with exit code ${String(code)}${said === '' ? '.' : `: ${said}`}`);
}
