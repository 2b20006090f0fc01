/** The parts we use of electron-builder's context after packing. */
export interface AfterPackContext {
  appOutDir: string;
  electronPlatformName: string;
  /** electron-builder's Arch enum: 1 is x64, 3 is arm64. */
  arch: number;
  packager: { executableName?: string; appInfo: { productFilename: string } };
}
export declare function programFile(context: AfterPackContext): string;
export declare function afterPack(context: AfterPackContext): Promise<void>;
