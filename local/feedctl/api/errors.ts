/** No answer came. The request may have been carried out. */
export class UnreachableError extends Error {
  override readonly name = "UnreachableError";
}

/** There is nothing to prove who calls with. */
export class AccessError extends Error {
  override readonly name = "AccessError";
}

/** Ctrl-C, or a signal that asks to end. */
export class InterruptedError extends Error {
  override readonly name = "InterruptedError";
  /** A request was under way. */
  readonly wasSent: boolean;

  constructor({ wasSent }: { readonly wasSent: boolean }) {
    super(wasSent ? "Interrupted; the API may carry out what was asked for." : "Interrupted.");
    this.wasSent = wasSent;
  }
}

/** An answer that the contract does not allow. */
export class ForeignAnswerError extends Error {
  override readonly name = "ForeignAnswerError";
}

export function notTheApi(url: string): ForeignAnswerError {
  return new ForeignAnswerError(`what answers at ${url} is not the onboarding API: is the address right?`);
}
