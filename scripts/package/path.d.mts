export declare const vsixPath: string;
