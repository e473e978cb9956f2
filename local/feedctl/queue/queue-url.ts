import { UsageError } from "../../start/usage-error.ts";
import { readStageFile, stageIn } from "../api/stage-file.ts";
import type { Session } from "../session.ts";

/** The ingest queue that `--queue-url`, FEEDCTL_QUEUE_URL or the stage names. @throws {UsageError} */
export function queueUrlOf(given: string | undefined, { options, world: { env } }: Session): string {
  const stage = options.stage ?? env["FEEDCTL_STAGE"];
  const url =
    given ?? env["FEEDCTL_QUEUE_URL"] ?? (stage ? stageIn(readStageFile(env), stage).queueUrl : undefined);
  if (!url)
    throw new UsageError(
      "where is the queue? Say --queue-url or FEEDCTL_QUEUE_URL, or have feedctl stages set --outputs remember it: it is the output QueueUrl of the state stack",
    );
  const parsed = URL.parse(url);
  const isLocal = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(parsed?.hostname ?? "");
  if (parsed?.protocol !== "https:" && !(parsed?.protocol === "http:" && isLocal))
    throw new UsageError("the queue's address must be https, this machine itself excepted");
  return url;
}
