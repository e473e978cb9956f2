/** dynalite ships no types; these are the parts in use. */
declare module "dynalite" {
  import type { Server } from "node:http";

  export interface DynaliteOptions {
    /** Milliseconds that a table stays in `CREATING`; 500 by default. */
    readonly createTableMs?: number;
    readonly updateTableMs?: number;
    readonly deleteTableMs?: number;
    /** Directory of a LevelDB store; in memory without it. */
    readonly path?: string;
  }

  /** A server that is not listening yet. */
  export default function dynalite(options?: DynaliteOptions): Server;
}
