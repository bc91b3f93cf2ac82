/** What a command does; it gets the clicked tree element and all selected ones, where there are any. */
export type Handler = (element?: unknown, elements?: unknown) => unknown;

/** Registers one command. */
export type Register = (id: string, handler: Handler) => void;
