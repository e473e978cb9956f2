/** Types of each route's parts, as the table of routes has them. */
import type { z } from "zod";
import type { AnswerDefinition } from "./route.ts";
import type { OperationId, Routes } from "./routes.ts";

type PartOf<Id extends OperationId, Part extends string, How extends "in" | "out"> = Routes[Id] extends {
  readonly [P in Part]: infer Schema extends z.ZodType;
}
  ? How extends "in"
    ? z.input<Schema>
    : z.output<Schema>
  : Record<never, never>;

type BodyOf<Id extends OperationId, How extends "in" | "out"> = Routes[Id] extends {
  readonly body: infer Schema extends z.ZodType;
}
  ? How extends "in"
    ? z.input<Schema>
    : z.output<Schema>
  : undefined;

/** What a use case is given: read, completed with defaults, and checked. */
export interface RequestOf<Id extends OperationId> {
  readonly params: PartOf<Id, "params", "out">;
  readonly query: PartOf<Id, "query", "out">;
  readonly body: BodyOf<Id, "out">;
}

/** What a caller gives. */
export interface InputOf<Id extends OperationId> {
  readonly params: PartOf<Id, "params", "in">;
  readonly query: PartOf<Id, "query", "in">;
  readonly body: BodyOf<Id, "in">;
}

type AnswersOf<Id extends OperationId> = Routes[Id]["answers"];

/** What a use case answers with: one of the route's successes. */
export type AnswerOf<Id extends OperationId> = {
  readonly [Status in keyof AnswersOf<Id> & number]: AnswersOf<Id>[Status] extends infer Answer extends
    AnswerDefinition
    ? {
        readonly status: Status;
        readonly body: Answer extends { readonly schema: infer Schema extends z.ZodType }
          ? z.output<Schema>
          : undefined;
      } & (Answer extends { readonly etag: true } ? { readonly etag: string } : Record<never, never>)
    : never;
}[keyof AnswersOf<Id> & number];
