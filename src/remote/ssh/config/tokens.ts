import { SshConfigError } from './error.ts';

/** What `%` tokens stand for, by letter. */
export type Tokens = Readonly<Record<string, string>>;

/** Replaces `%h` and its like (ssh_config(5), TOKENS). Throws an SshConfigError for one that means nothing here. */
export function expandTokens(text: string, tokens: Tokens, where: string): string {
  return text.replace(/%(.?)/gs, (_all, letter: string) => {
    const value = letter === '%' ? '%' : tokens[letter];
    if (value === undefined) throw new SshConfigError(where, `The token %${letter} is not known here; known are %% ${Object.keys(tokens).map((known) => `%${known}`).join(' ')}.`);
    return value;
  });
}

/** Replaces `${NAME}` by the environment's variable. Throws an SshConfigError for one that is not set, as OpenSSH refuses it. */
export function expandVariables(text: string, environment: Readonly<Record<string, string | undefined>>, where: string): string {
  return text.replace(/\$\{([^}]*)\}/g, (_all, name: string) => {
    const value = environment[name];
    if (value === undefined) throw new SshConfigError(where, `The environment variable ${name} is not set.`);
    return value;
  });
}
