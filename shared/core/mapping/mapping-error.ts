import { ConfigError } from "../config-error.ts";

/** A mapping document that cannot be used, with the one place and reason. Places are dotted, from the document. */
export class MappingError extends ConfigError {
  /** Reads on from the place: `must be text`. */
  readonly problem: string;

  constructor(path: string, problem: string) {
    super(path, problem);
    this.problem = problem;
  }
}
