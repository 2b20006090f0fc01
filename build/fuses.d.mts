export declare const FUSES: Readonly<Record<string, boolean>>;
export declare function burnFuses(file: string, options?: { resetAdHocDarwinSignature?: boolean }): Promise<void>;
export declare function checkFuses(file: string): Promise<void>;
