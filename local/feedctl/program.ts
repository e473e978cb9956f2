import { Command } from "commander";
import { commands } from "./commands/commands.ts";
import { EXIT_CODES_HELP } from "./exit-codes.ts";
import manifest from "./package.json" with { type: "json" };
import { type GlobalOptions, Session, type World } from "./session.ts";
import { HELP_WIDTH } from "./terminal/wrap.ts";

const HELP = `
Where the API is: --url or FEEDCTL_URL; or --stage or FEEDCTL_STAGE, once
"feedctl stages set" has been told its address, which the service stack puts
out:
  aws cloudformation describe-stacks --stack-name STACK --output text \\
    --query "Stacks[0].Outputs[?OutputKey=='OnboardingApiUrl'].OutputValue"

Who calls: --profile or --token-file, else what the stage has, else the token in
FEEDCTL_TOKEN or in the file FEEDCTL_TOKEN_FILE, else the AWS SDK's own chain of
credentials, by which requests are signed. Anything but https is refused, this
machine itself excepted.

The answer is on standard output; questions, progress and errors are on standard
error. NO_COLOR is respected.

${EXIT_CODES_HELP}

Examples:
  feedctl tenants create acme
  feedctl feeds create acme default platforms=iOS,Android
  feedctl credentials put acme default
  feedctl feeds verify acme default && feedctl feeds go-live acme default
  feedctl ledger acme --from 24h
  feedctl feeds list acme --json | jq -r '.feeds[].feedId'`;

export function createProgram(world: World): { readonly program: Command; readonly session: Session } {
  const program = new Command("feedctl");
  const session = new Session(world, () => program.opts<GlobalOptions>());
  program
    .description("Onboards customers of the partner feed connector, and tells what became of their events.")
    .usage("<command> [options]")
    .option("--url <url>", "address of the onboarding API")
    .option("--stage <name>", "the stage whose API is meant")
    .option("--region <region>", "AWS region for signing (default: that of the address)")
    .option("--profile <name>", "AWS profile to sign with")
    .option("--token-file <file>", "file with a bearer token, instead of a signature")
    .option("--json", "print one JSON document, errors too")
    .version(manifest.version, "--version", "print the version")
    .addHelpText("after", HELP)
    .configureHelp({
      showGlobalOptions: true,
      helpWidth: world.stdout.isTTY ? world.stdout.columns : HELP_WIDTH,
      // Beside the longest command that is what 80 columns leave.
      minWidthToWrap: 30,
    })
    .configureOutput({
      writeOut: (text) => void world.stdout.write(text),
      // The help in place of a command that is missing.
      writeErr: (text) => void (session.options.json || world.stderr.write(text)),
      // What is said of a mistake is said where all failures are.
      outputError: () => {},
    })
    .exitOverride();
  for (const command of commands(session)) {
    inherit(command, program);
    program.addCommand(command);
  }
  return { program, session };
}

function inherit(command: Command, parent: Command): void {
  command.copyInheritedSettings(parent);
  for (const child of command.commands) inherit(child, command);
}
