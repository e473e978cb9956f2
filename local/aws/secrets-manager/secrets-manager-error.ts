/** What Secrets Manager answers, as `__type` and `Message` with status 400, when it cannot do as asked. */
export class SecretsManagerError extends Error {
  override readonly name = "SecretsManagerError";
  /** The exception's name in the API reference. */
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}
