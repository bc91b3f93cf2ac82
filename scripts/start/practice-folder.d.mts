/** What the practice folder tells about a running lab. */
export interface RunningLab {
  readonly serversFile: string;
  readonly secretsFile: string;
  readonly servers: readonly { readonly name: string; readonly scenario: string; readonly computerName: string; readonly hostKeyFingerprint: string }[];
}

export const practiceFolder: string;

/** Writes the folder anew for the servers of a running lab; returns it. */
export function writePracticeFolder(running: RunningLab, folder?: string): string;
