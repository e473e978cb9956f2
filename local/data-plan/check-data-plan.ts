/**
 * Checks batches against a version of a data plan, offline, by mParticle's own library.
 *
 * It is a development dependency, loaded when it is asked for: it brings versions of axios and ajv that have no place in a
 * function. Identities are not checked: mParticle does not block them, and the library leaves them out.
 *
 * @see https://docs.mparticle.com/guides/data-master/data-planning/
 */
import type { DataPlanService } from "@mparticle/data-planning-node";
import type { PreviewAnswer } from "../../shared/api/preview.schema.ts";
import { documentationOf, type Finding } from "../../shared/core/finding.ts";
import { lintFinding } from "../../shared/core/lint/lint-finding.ts";
import { UsageError } from "../start/usage-error.ts";

type ServiceMethods = InstanceType<typeof DataPlanService>;
type DataPlanVersion = Parameters<ServiceMethods["validateBatch"]>[1];
type LibraryBatch = Parameters<ServiceMethods["validateBatch"]>[0];
type Batch = Readonly<Record<string, unknown>>;

const REASONS: Readonly<Record<string, string>> = {
  unplanned: "is not in the plan",
  missing_required: "lacks what the plan requires",
  invalid_value: "has a value that the plan does not allow",
};

/** Type of the plan point for user attributes, and their place in a batch. */
const USER = "user_attributes";

/** Characters of a plan point or reason that a sentence repeats. */
const MAX_TEXT = 200;

/** A version of a data plan, as mParticle's interface and API export it. @throws {UsageError} */
export function readDataPlan(text: string): DataPlanVersion {
  let plan: unknown;
  try {
    plan = JSON.parse(text);
  } catch {
    throw new UsageError("the data plan is not JSON");
  }
  const document = (plan as { version_document?: { data_points?: unknown } } | null)?.version_document;
  if (!Array.isArray(document?.data_points))
    throw new UsageError("the data plan has no version_document.data_points: export one of its versions");
  return plan as DataPlanVersion;
}

/** An answer whose batches also tell where the plan does not allow them. */
export async function withPlanFindings(answer: PreviewAnswer, plan: DataPlanVersion): Promise<PreviewAnswer> {
  const batches = await Promise.all(
    answer.batches.map(async (entry) => {
      const told = (await checkDataPlan(entry.batch, plan)).map((found) => ({
        ...found,
        documentation: documentationOf(found.code),
      }));
      return { ...entry, findings: [...entry.findings, ...told] };
    }),
  );
  return { ...answer, batches };
}

/** What a plan does not allow in a batch. Each event is checked by itself, since the library does not say which it speaks of. */
export async function checkDataPlan(batch: Batch, plan: DataPlanVersion): Promise<Finding[]> {
  const { DataPlanService: Service } = await import("@mparticle/data-planning-node");
  const service = new Service();
  const { events, ...user } = batch;
  const findings = plansUsers(plan) ? await check(service, user, plan, USER) : [];
  for (const [i, event] of (Array.isArray(events) ? events : []).entries())
    findings.push(...(await check(service, { events: [event] }, plan, `events[${i}]`)));
  return findings;
}

/** Whether a plan says anything of user attributes. Of one that does not, the library says that its schema is invalid. */
function plansUsers({ version_document: document }: DataPlanVersion): boolean {
  return document?.data_points?.some(({ match }) => match?.type === USER) ?? false;
}

/** @param place - Of the part in its batch. What the library says of user attributes beside an event is said of them already. */
async function check(
  service: ServiceMethods,
  part: Batch,
  plan: DataPlanVersion,
  place: string,
): Promise<Finding[]> {
  const { results = [] } = await service.validateBatch(part as unknown as LibraryBatch, plan);
  const meant = results.filter(({ data }) => (data?.match?.type === USER) === (place === USER));
  return meant.flatMap(({ data }) =>
    (data?.validation_errors ?? []).map(
      ({ validation_error_type: type, error_pointer: pointer, key, expected }) => {
        const reason = REASONS[type ?? ""] ?? type ?? "is not as planned";
        const wanted = expected === undefined ? "" : ` (${shortened(String(expected))})`;
        const point = shortened(JSON.stringify(data?.match ?? {}));
        return lintFinding(
          "data_plan_violated",
          `${place}${steps(pointer)}`,
          `${shortened(String(key ?? "It"))} ${reason}${wanted}; plan point ${point}.`,
        );
      },
    ),
  );
}

/** `#/data/custom_attributes` as `.data.custom_attributes`. */
function steps(pointer: string | undefined): string {
  return (pointer ?? "").replace(/^#/, "").replaceAll("/", ".");
}

function shortened(text: string): string {
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT).toWellFormed()}…` : text;
}
