export declare const systemList: string;
export declare function keepAuthorities(asRoot: (command: string[]) => Promise<unknown>, list?: string): () => Promise<void>;
