/** What every command works with: the API, and the person who asked. */
import type { z } from "zod";
import { type OperationId, routeOf } from "../../shared/api/routes.ts";
import type { OnboardingClient } from "../../shared/client/onboarding-client.ts";
import { UsageError } from "../start/usage-error.ts";
import { type ConnectOptions, connect } from "./api/connect.ts";
import type { Env } from "./api/stage-file.ts";
import type { WatchedFetch } from "./api/watched-fetch.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import { confirm, isPresent, type Person } from "./terminal/ask.ts";
import { type Paper, paperOf } from "./terminal/paper.ts";
import { printable, printableJson } from "./terminal/printable.ts";
import { type Progress, startProgress } from "./terminal/progress.ts";

/** Options that every command takes. */
export interface GlobalOptions extends ConnectOptions {
  readonly json?: true | undefined;
}

export interface World {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly env: Env;
  readonly interrupted: AbortSignal;
  readonly watched: WatchedFetch;
  readonly nowMs: () => number;
}

export class Session {
  readonly world: World;
  /** Where a question is asked. */
  readonly person: Person;
  #exitCode: ExitCode = EXIT.done;
  #notes: string[] = [];
  readonly #options: () => GlobalOptions;

  constructor(world: World, options: () => GlobalOptions) {
    this.world = world;
    this.person = { input: world.stdin, output: world.stderr, interrupted: world.interrupted };
    this.#options = options;
  }

  get exitCode(): ExitCode {
    return this.#exitCode;
  }

  get options(): GlobalOptions {
    return this.#options();
  }

  /** @throws {UsageError} where nobody says which API. */
  api(): OnboardingClient {
    return connect(this.options, this.world.env, this.world.watched.fetch);
  }

  /**
   * Prints what the command is about, once and whole: the document as it came with `--json`, else what `show` makes of it.
   *
   * @param operationId - Whose answer it is. An answer that this version does not know is shown as it came.
   */
  answer<Document>(
    operationId: OperationId | undefined,
    document: Document,
    show: (document: Document, paper: Paper) => string,
  ): void {
    const isKnown = operationId === undefined || isOfContract(operationId, document);
    if (!isKnown && !this.options.json)
      this.note("The API's answer is not of a form that this version knows:");
    const { stdout } = this.world;
    stdout.write(
      this.options.json || !isKnown ? `${printableJson(document)}\n` : show(document, paperOf(stdout)),
    );
  }

  /** Says something beside the answer: at once, but with `--json` at the end, since a failure's document stands alone. */
  note(line: string): void {
    this.#notes.push(line);
    if (!this.options.json) this.tellNotes();
  }

  tellNotes(): void {
    for (const line of this.takeNotes()) this.world.stderr.write(`${printable(line)}\n`);
  }

  /** Notes that have not been told, for whoever tells them otherwise. */
  takeNotes(): readonly string[] {
    const notes = this.#notes;
    this.#notes = [];
    return notes;
  }

  progress(): Progress {
    if (this.options.json && !this.world.stderr.isTTY) return { update() {}, stop() {} };
    return startProgress(this.world.stderr, paperOf(this.world.stderr));
  }

  /** Was done as asked, but the answer is not good. */
  found(): void {
    this.#exitCode = EXIT.finding;
  }

  /**
   * Lets the person at the keyboard think again.
   *
   * @throws {UsageError} for a no, and where nobody can be asked.
   */
  async confirm(question: string, { yes }: { readonly yes?: true | undefined }): Promise<void> {
    if (yes) return;
    if (!isPresent(this.person)) throw new UsageError(`${question} Nobody can be asked here: say --yes`);
    if (!(await confirm(question, this.person))) throw new UsageError("nothing was done");
  }
}

function isOfContract(operationId: OperationId, document: unknown): boolean {
  const schemas = Object.values(routeOf(operationId).answers).map(({ schema }) => schema);
  return schemas.some((schema: z.ZodType | undefined) => schema?.safeParse(document).success ?? true);
}
