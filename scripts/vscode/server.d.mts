import type { ChildProcess } from 'node:child_process';

export interface VscodeServer {
  readonly origin: string;
  readonly port: number;
  readonly token: string | undefined;
  readonly logFile: string;
  readonly child: ChildProcess;
  end(): Promise<void>;
}
export declare const quietSettings: Readonly<Record<string, unknown>>;
export declare function writeSettings(home: string, settings: Readonly<Record<string, unknown>>): void;
export declare function installExtension(home: string, vsix: string): Promise<void>;
export declare function startVscodeServer(options: {
  home: string; token?: boolean; testDriver?: boolean; trust?: boolean; env?: NodeJS.ProcessEnv;
}): Promise<VscodeServer>;
export declare function workbenchAddress(server: Pick<VscodeServer, 'origin' | 'token'>, folder?: string, payload?: readonly (readonly [string, string])[]): string;
