import { execFileSync } from "node:child_process";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { AssetHashType, DockerImage, type Duration, RemovalPolicy, Validations } from "aws-cdk-lib";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import {
  ApplicationLogLevel,
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
  Tracing,
} from "aws-cdk-lib/aws-lambda";
import { LogGroup, type RetentionDays } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { BUNDLE_MODULE } from "../bundling/bundle-function.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const bundler = fileURLToPath(new URL("../bundling/main.ts", import.meta.url));

export interface NodeFunctionProps {
  readonly description: string;
  /** File that exports `handler`, relative to the project. */
  readonly entry: string;
  readonly environment: Record<string, string>;
  readonly memoryMb: number;
  readonly timeout: Duration;
  /** Invocations that may run at once; the account keeps as many free for this function. @default unbounded */
  readonly reservedConcurrency?: number;
  /** How long log lines are kept. */
  readonly logRetention: RetentionDays;
}

/**
 * A Lambda function of this project: Node 24 on arm64, one minified ES module, JSON logs with retention, tracing.
 *
 * Not CDK's `NodejsFunction`: that runs esbuild without plugins, and ours takes away a third of the bundle.
 */
export class NodeFunction extends Construct {
  readonly function: LambdaFunction;
  /** Starts with the right to write its own log and its traces, and nothing else. */
  readonly role: Role;

  constructor(scope: Construct, id: string, props: NodeFunctionProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, "Logs", {
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, "Role", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
    logGroup.grantWrite(this.role);
    this.function = new LambdaFunction(this, "Function", {
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: bundledCode(props.entry),
      handler: `${BUNDLE_MODULE}.handler`,
      role: this.role,
      environment: {
        ...props.environment,
        NODE_OPTIONS: "--enable-source-maps",
        // What an error says may quote an event; traces keep that it happened.
        POWERTOOLS_TRACER_CAPTURE_ERROR: "false",
      },
      memorySize: props.memoryMb,
      timeout: props.timeout,
      reservedConcurrentExecutions: props.reservedConcurrency,
      tracing: Tracing.ACTIVE,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      systemLogLevelV2: SystemLogLevel.WARN,
    });
    Validations.of(this.role).acknowledge({
      id: "AwsSolutions-IAM5[Resource::*]",
      reason: "X-Ray's PutTraceSegments and PutTelemetryRecords take no resource.",
    });
  }
}

/** The bundle of an entry, made on this machine: the image is never used, CDK only insists on one. */
function bundledCode(entry: string): Code {
  return Code.fromAsset(dirname(`${root}/${entry}`), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry("unused"),
      local: {
        tryBundle(outputDir) {
          execFileSync(process.execPath, [bundler, entry, outputDir], {
            stdio: ["ignore", "inherit", "inherit"],
          });
          return true;
        },
      },
    },
  });
}
