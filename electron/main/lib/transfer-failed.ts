import type { AppError, ErrorCode } from '#contract/model/errors.ts';

/**
 * The error of a byte stream where only throwing is possible: a reader of a download, a source of an upload. Carries a
 * code of the closed set.
 */
export class TransferFailed extends Error {
  readonly failure: AppError;

  /** @param message for the log, without content. */
  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TransferFailed';
    this.failure = { code, message };
  }
}
