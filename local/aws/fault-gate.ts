import { refuse } from "./fault-answers.ts";
import type { AwsCall, AwsServiceName } from "./service.ts";

/** What goes wrong with a call. */
export type AwsFault =
  /** Refused without being carried out: for going too fast, or with a 500. */
  | { readonly kind: "throttled" | "error" }
  /** Carried out later, unless the caller has hung up by then. */
  | { readonly kind: "slow"; readonly ms: number }
  /** The connection is reset. `written`: after the call was carried out, which the caller cannot know. */
  | { readonly kind: "reset"; readonly written: boolean };

export interface AwsFaultRule {
  readonly service: AwsServiceName;
  /** @default all */
  readonly operations?: readonly string[];
  readonly fault: AwsFault;
  /** Share of the calls that meet it. @default 1 */
  readonly share?: number;
}

export interface AwsFaultGateOptions {
  /** Draws from [0, 1). */
  readonly random: () => number;
  /** Access keys whose calls are left alone. */
  readonly spared?: readonly string[];
}

/** Stands before the embedded services and lets calls fail by rules that may change at any time. */
export class AwsFaultGate {
  readonly #options: AwsFaultGateOptions;
  #rules: readonly AwsFaultRule[] = [];
  #met = 0;

  constructor(options: AwsFaultGateOptions) {
    this.#options = options;
  }

  /** Replaces all rules. Of those that fit a call the first counts whose share is drawn. */
  setRules(rules: readonly AwsFaultRule[]): void {
    this.#rules = rules;
  }

  /** Calls that met a fault. */
  get met(): number {
    return this.#met;
  }

  /** @param next - Hands the call on to its service. */
  pass(call: AwsCall, next: () => void): void {
    const fault = this.#draw(call);
    if (fault) {
      this.#met++;
      carryOut(fault, call, next);
    } else next();
  }

  #draw({ service, operation, caller }: AwsCall): AwsFault | undefined {
    if (caller !== undefined && this.#options.spared?.includes(caller)) return undefined;
    return this.#rules.find(
      (rule) =>
        rule.service === service &&
        (rule.operations?.includes(operation) ?? true) &&
        this.#options.random() < (rule.share ?? 1),
    )?.fault;
  }
}

function carryOut(fault: AwsFault, call: AwsCall, next: () => void): void {
  switch (fault.kind) {
    case "throttled":
    case "error":
      refuse(call.response, call.service, fault.kind);
      break;
    case "slow":
      setTimeout(() => {
        if (!call.request.socket.destroyed) next();
      }, fault.ms).unref();
      break;
    case "reset":
      if (fault.written) {
        resetInsteadOfAnswer(call);
        next();
      } else reset(call);
      break;
  }
}

function reset({ request }: AwsCall): void {
  request.socket.resetAndDestroy();
}

/** Lets the service do its work and believe that it answers. */
function resetInsteadOfAnswer(call: AwsCall): void {
  const { response } = call;
  response.write = () => true;
  response.end = () => {
    reset(call);
    return response;
  };
}
