export declare const platforms: Readonly<Record<string, readonly [name: string, folder: string]>>;
export declare function checkIntegrity(bytes: Uint8Array, integrity: string, name: string): void;
