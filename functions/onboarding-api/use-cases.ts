import type { OperationId } from "../../shared/api/routes.ts";
import type { AnswerOf } from "../../shared/api/types.ts";
import { openApi } from "./open-api.ts";
import type { Call, OnboardingDeps, UseCase } from "./use-case.ts";
import { listAudit } from "./use-cases/audit.ts";
import { createConnectLink, listConnectLinks, revokeConnectLink } from "./use-cases/connect-links.ts";
import { putCredentials, verifyFeed } from "./use-cases/credentials.ts";
import { getEventNames, resetEventNames } from "./use-cases/event-names.ts";
import { deleteFeed, getFeed, goLive, listFeeds, pauseFeed, resumeFeed } from "./use-cases/feeds.ts";
import { getLedger } from "./use-cases/ledger.ts";
import { getMapping, listMappings, restoreMapping } from "./use-cases/mappings.ts";
import { listHeld, listRejected, replayRejected } from "./use-cases/parked.ts";
import { preview, previewFeed } from "./use-cases/preview.ts";
import { putFeed } from "./use-cases/put-feed.ts";
import {
  deleteTenant,
  getTenant,
  listTenants,
  pauseTenant,
  putTenant,
  restoreTenant,
  resumeTenant,
} from "./use-cases/tenants.ts";

/** What answers each route. A route without one does not compile. */
const useCases: { readonly [Id in OperationId]: UseCase<Id> } = {
  getOpenApi: async () => ({ status: 200, body: openApi() }),
  listTenants,
  putTenant,
  getTenant,
  deleteTenant,
  restoreTenant,
  pauseTenant,
  resumeTenant,
  listAudit,
  listFeeds,
  putFeed,
  getFeed,
  pauseFeed,
  resumeFeed,
  goLive,
  deleteFeed,
  getEventNames,
  resetEventNames,
  listMappings,
  getMapping,
  restoreMapping,
  putCredentials,
  verifyFeed,
  createConnectLink,
  listConnectLinks,
  revokeConnectLink,
  listRejected,
  listHeld,
  replayRejected,
  getLedger,
  previewFeed,
  preview,
};

/** Answers a call of whatever route. */
export function answerCall<Id extends OperationId>(
  operationId: Id,
  call: Call<Id>,
  deps: OnboardingDeps,
): Promise<AnswerOf<Id>> {
  const useCase: UseCase<Id> = useCases[operationId];
  return useCase(call, deps);
}
