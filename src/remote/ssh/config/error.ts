/** Something in a person's ssh_config that cannot be followed. Leaving it out could reach another machine, so nothing is connected to. */
export class SshConfigError extends Error {
  override readonly name = 'SshConfigError';
  /** `file:line`, or the file. */
  readonly where: string;

  constructor(where: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.where = where;
  }
}
