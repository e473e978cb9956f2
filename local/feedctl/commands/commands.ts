import { Command } from "commander";
import type { Session } from "../session.ts";
import { mirrorMembers } from "./audiences/mirror.ts";
import { audit } from "./audit.ts";
import { putCredentials } from "./credentials/put.ts";
import { createFeed } from "./feeds/create.ts";
import { deleteFeed } from "./feeds/delete.ts";
import { readEventNames } from "./feeds/event-names.ts";
import { goLive } from "./feeds/go-live.ts";
import { listFeeds } from "./feeds/list.ts";
import { pauseFeed } from "./feeds/pause.ts";
import { resetEventNames } from "./feeds/reset-event-names.ts";
import { resumeFeed } from "./feeds/resume.ts";
import { setFeed } from "./feeds/set.ts";
import { readFeed } from "./feeds/show.ts";
import { verifyFeed } from "./feeds/verify.ts";
import { ledger } from "./ledger.ts";
import { createLink } from "./links/create.ts";
import { listLinks } from "./links/list.ts";
import { revokeLink } from "./links/revoke.ts";
import { listMappings } from "./mappings/list.ts";
import { restoreMapping } from "./mappings/restore.ts";
import { readMapping } from "./mappings/show.ts";
import { held, rejected } from "./parked.ts";
import { preview } from "./preview.ts";
import { replay } from "./replay.ts";
import { sendRows } from "./rows/send.ts";
import { listStages } from "./stages/list.ts";
import { removeStage } from "./stages/remove.ts";
import { setStage } from "./stages/set.ts";
import { createTenant } from "./tenants/create.ts";
import { deleteTenant } from "./tenants/delete.ts";
import { listTenants } from "./tenants/list.ts";
import { pauseTenant } from "./tenants/pause.ts";
import { restoreTenant } from "./tenants/restore.ts";
import { resumeTenant } from "./tenants/resume.ts";
import { setTenant } from "./tenants/set.ts";
import { readTenant } from "./tenants/show.ts";

type Build = (session: Session) => unknown;

/** Every command, in the order of the help. */
export function commands(session: Session): Command[] {
  const group = (name: string, description: string, builds: readonly Build[]) =>
    builds.reduce<Command>(
      (parent, build) => parent.addCommand(build(session) as Command),
      new Command(name).description(description),
    );
  const tenants = [
    createTenant,
    listTenants,
    readTenant,
    setTenant,
    pauseTenant,
    resumeTenant,
    deleteTenant,
    restoreTenant,
  ];
  const feeds = [
    createFeed,
    listFeeds,
    readFeed,
    setFeed,
    verifyFeed,
    goLive,
    pauseFeed,
    resumeFeed,
    deleteFeed,
    readEventNames,
    resetEventNames,
  ];
  const single: readonly Build[] = [preview, ledger, rejected, held, replay, audit];
  return [
    group("tenants", "The partner's customers.", tenants),
    group("feeds", "A tenant's feeds at mParticle.", feeds),
    group("mappings", "The mappings that a feed has had.", [listMappings, readMapping, restoreMapping]),
    group("credentials", "A feed's keys: they go in, and never out.", [putCredentials]),
    group("links", "Links by which customers enter keys themselves.", [createLink, listLinks, revokeLink]),
    group("rows", "Rows of a warehouse.", [sendRows]),
    group("audiences", "Memberships of audiences.", [mirrorMembers]),
    ...single.map((build) => build(session) as Command),
    group("stages", "Where the API of each stage is.", [setStage, listStages, removeStage]),
  ];
}
