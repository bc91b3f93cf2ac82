/** Registers one command; the handler gets the clicked tree element and all selected ones, where there are any. */
export type Register = (id: string, handler: (element?: unknown, elements?: unknown) => unknown) => void;
