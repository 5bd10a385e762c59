// The one kind of trouble that keeps the emulator from starting or from saving its contacts.

export class EmulatorError extends Error {
  override readonly name = 'EmulatorError';
  /** What to do about it, a full sentence. */
  readonly hint: string;

  constructor(message: string, detail: { hint: string; cause?: unknown }) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.hint = detail.hint;
  }
}
