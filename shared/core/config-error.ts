/** A setting or stored document that the product cannot work with. Names the field, never its value. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly field: string;

  constructor(field: string, problem: string) {
    super(field === "" ? problem : `${field} ${problem}`);
    this.field = field;
  }
}
