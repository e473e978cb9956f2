import type { AwsClients } from "../../../local/connector.ts";

/**
 * How a write ends a story: the process dies before it; it fails and the process lives; or it is done, and the process lives, but never
 * hears of it.
 */
export type Blow = "dies before" | "fails at" | "hears nothing of";

export interface MortalClients {
  readonly clients: AwsClients;
  /** Writes so far, the fatal one included. */
  writes(): number;
}

const READS = /^(Get|BatchGet|Query|Describe|List)/;

/** Clients of a process that a blow meets at one of its writes to the table and to Secrets Manager, counted from 1. */
export function mortalClients(clients: AwsClients, at: number, blow: Blow): MortalClients {
  let writes = 0;
  let isDead = false;
  const mortal = <Client extends { send(...given: never[]): unknown }>(client: Client): Client => {
    const send = async (command: object, ...rest: unknown[]) => {
      const passOn = () => (client.send as (...given: unknown[]) => unknown).call(client, command, ...rest);
      if (isDead) throw new Error("dead");
      if (READS.test(command.constructor.name) || ++writes !== at) return passOn();
      isDead = blow === "dies before";
      if (blow === "hears nothing of") await passOn();
      throw new Error(`blow at write ${at}`);
    };
    return new Proxy(client, { get: (target, name) => (name === "send" ? send : Reflect.get(target, name)) });
  };
  return {
    clients: {
      ...clients,
      dynamodb: mortal(clients.dynamodb),
      secretsManager: mortal(clients.secretsManager),
    },
    writes: () => writes,
  };
}
