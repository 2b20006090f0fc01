/** What electron-builder says of a program that it has laid out; the parts that are used. */
export interface AfterPackContext {
  appOutDir: string;
  electronPlatformName: string;
  /** electron-builder's number: 1 is x64, 3 is arm64. */
  arch: number;
  packager: { executableName?: string; appInfo: { productFilename: string } };
}
export declare function programFile(context: AfterPackContext): string;
export declare function afterPack(context: AfterPackContext): Promise<void>;
