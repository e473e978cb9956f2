/**
 * Files of libraries that a Lambda bundle has something shorter in place of, and why nothing that runs is lost. What is
 * left out speaks up when it is used after all.
 */

export interface Replacement {
  /** Ends of paths below `node_modules`. */
  readonly files: readonly string[];
  readonly contents: string;
  readonly reason: string;
}

const throwing = (what: string) => `throw new Error(${JSON.stringify(`${what} is not part of this bundle`)})`;

const HASHES = [
  { directory: "@smithy/core/dist-es/submodules/checksum/sha256", name: "Sha256Js" },
  { directory: "@smithy/core/dist-es/submodules/checksum/md5", name: "Md5Js" },
  { directory: "@aws-sdk/checksums/dist-es/submodules/sha/sha1", name: "Sha1Js" },
] as const;

const OF_TABLE = { request_parameters: ["TableName"] };
const OF_QUEUE = { request_parameters: ["QueueUrl"] };
const TRACED = {
  dynamodb: { operations: { getItem: OF_TABLE, query: OF_TABLE, updateItem: OF_TABLE } },
  sqs: {
    operations: {
      changeMessageVisibilityBatch: OF_QUEUE,
      getQueueAttributes: OF_QUEUE,
      sendMessage: OF_QUEUE,
    },
  },
};

/** Errors of AWS whose classes are used for more than their names. */
export const KEPT_ERRORS: readonly string[] = [
  // Brings the item along, which is parsed by the error's schema.
  "ConditionalCheckFailedException",
  // Tells the SDK that it may be tried again, by a field of its class.
  "ReplicatedWriteConflictException",
];

export const REPLACEMENTS: readonly Replacement[] = [
  {
    files: [
      ...["sso", "ini", "process", "web-identity", "http"].map(
        (source) => `@aws-sdk/credential-provider-${source}`,
      ),
      "@smithy/credential-provider-imds",
    ].map((module) => `${module}/dist-es/index.js`),
    contents: throwing("Any source of AWS credentials but the environment"),
    reason:
      "Loaded by import() after the environment gave no credentials; in Lambda it always has the execution role's.",
  },
  {
    files: [
      "@smithy/core/dist-es/submodules/config/config-resolver/regionConfig/getInstanceMetadataRegion.js",
    ],
    contents: `export const getInstanceMetadataRegion = async () => { ${throwing("The region of an EC2 instance")}; };`,
    reason: "Asked where the environment names no region; in Lambda it always does.",
  },
  ...["DefaultRateLimiter", "AdaptiveRetryStrategy"].map((name) => ({
    files: [`@smithy/core/dist-es/submodules/retry/util-retry/${name}.js`],
    contents: `export class ${name} { constructor() { ${throwing("Adaptive retrying")}; } }`,
    reason: "Made for the retry mode adaptive, which no client of ours is in.",
  })),
  {
    files: ["@smithy/core/dist-es/submodules/serde/util-stream/sdk-stream-mixin.browser.js"],
    contents: `export const sdkStreamMixin = () => { ${throwing("Reading a browser's stream")}; };`,
    reason: "Node's HTTP client gives Node's streams.",
  },
  {
    files: [
      "@aws-sdk/middleware-sdk-s3/dist-es/submodules/s3/middleware-s3-express/classes/S3ExpressIdentityProviderImpl.js",
    ],
    contents: `export class S3ExpressIdentityProviderImpl {
      async getS3ExpressIdentity() { ${throwing("A directory bucket")}; }
    }`,
    reason: "S3's client makes one, and asks it for buckets of S3 Express alone.",
  },
  {
    files: ["ec2_plugin.js", "ecs_plugin.js", "elastic_beanstalk_plugin.js"].map(
      (file) => `aws-xray-sdk-core/dist/lib/segments/plugins/${file}`,
    ),
    contents: `module.exports = { getData: () => { ${throwing("A plugin of the X-Ray SDK")}; } };`,
    reason: "They tell of the machine that a server runs on, where config() names them; nothing here does.",
  },
  {
    files: ["@smithy/core/dist-es/submodules/event-streams/index.js"],
    contents: `
      export const eventStreamSerdeProvider = () => undefined;
      export const resolveEventStreamSerdeConfig = (config) => config;
      export class EventStreamSerde { constructor() { ${throwing("Reading event streams")}; } }`,
    reason: "Only S3 Select and its like answer with an event stream.",
  },
  {
    files: ["@aws-sdk/core/dist-es/submodules/protocols/xml/XmlShapeSerializer.js"],
    contents: `
      const unsupported = () => { ${throwing("Writing XML")}; };
      export class XmlShapeSerializer { setSerdeContext() {} write = unsupported; flush = unsupported; }`,
    reason:
      "S3 answers in XML, but no request of ours has any: objects are put as they are, the rest is in path and query.",
  },
  ...HASHES.map(({ directory, name }) => ({
    files: [`${directory}/${name}.js`],
    contents: `export class ${name} { constructor() { ${throwing("Hashing without node:crypto")}; } }`,
    reason: "The fallback for a Node that was built without node:crypto.",
  })),
  {
    files: ["zod/v4/locales/index.js"],
    contents: 'export { default as en } from "./en.js";',
    reason: "Messages in fifty languages; the API words its own, and none of zod's is told to anybody.",
  },
  {
    files: ["zod/v4/classic/from-json-schema.js"],
    contents: `export const fromJSONSchema = () => { ${throwing("Reading JSON Schema")}; };`,
    reason: "Schemas are written in zod here, and never read from JSON.",
  },
  {
    files: ["@aws-sdk/endpoint-cache/dist-es/EndpointCache.js"],
    contents: `
      const unsupported = () => { ${throwing("Discovering endpoints")}; };
      export class EndpointCache { getEndpoint = unsupported; get = unsupported; set = unsupported; has = unsupported; }`,
    reason:
      "DynamoDB's client makes one, on a cache with typed arrays of its own, and no command of it asks for endpoints any more.",
  },
  {
    files: ["cls-hooked/index.js"],
    contents: 'module.exports = require("./context");',
    reason: "It only chooses, with a copy of semver, between this file and one for Node older than 8.",
  },
  {
    files: ["aws-xray-sdk-core/dist/lib/resources/aws_whitelist.json"],
    contents: `module.exports = { services: ${JSON.stringify(TRACED)} };`,
    reason:
      "Which parameters of which of AWS's operations a trace shows, half of it S3's. What is left names table and queue.",
  },
  {
    files: ["aws-xray-sdk-core/dist/lib/patchers/aws_p.js"],
    contents: `
      const unsupported = () => { ${throwing("Tracing of AWS SDK version 2")}; };
      module.exports = { captureAWS: unsupported, captureAWSClient: unsupported };`,
    reason: "It traces version 2 of the AWS SDK, which is not here, and brings another copy of semver.",
  },
  {
    files: ["aws-xray-sdk-core/dist/lib/middleware/mw_utils.js"],
    contents: `
      const unsupported = () => { ${throwing("Tracing of an HTTP server's requests")}; };
      module.exports = { disableCentralizedSampling() {} };
      for (const name of ["enableDynamicNaming", "processHeaders", "resolveName", "resolveSampling", "setDefaultName",
        "setSamplingRules", "middlewareLog", "traceRequestResponseCycle"]) module.exports[name] = unsupported;`,
    reason:
      "Begins and samples the segments of a web server. In Lambda the service does, before the function is called; the SDK only switches its sampling off.",
  },
  {
    files: ["aws-xray-sdk-core/dist/lib/middleware/incoming_request_data.js"],
    contents: `module.exports = class { constructor() { ${throwing("Tracing of an HTTP server's requests")}; } };`,
    reason: "What a web server's segment holds of its request.",
  },
];
