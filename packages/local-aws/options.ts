import { type Given, given, UsageError } from "@image-pipeline/command";
import type { ConsolePort } from "./console/server/console-server";
import type { DeliveryPort } from "./delivery/delivery";

/** What `npm start` was asked for. */
export interface StartOptions {
  readonly environment: string;
  readonly port: number;
  readonly awsPort: number;
  readonly consolePort: ConsolePort;
  readonly deliveryPort: DeliveryPort;
  /** Path of a cdk.tf.json to run as it is; without it the project is synthesized first. */
  readonly stack?: string;
  /** Folder for outputs.json and aws.env. */
  readonly out: string;
  /** Folder that keeps the objects of S3 from one run to the next. */
  readonly data?: string;
  /** Show log lines in full. */
  readonly verbose: boolean;
}

export const HELP = `Runs the synthesized stack of one environment on this machine: no AWS account, no Docker.

  npm start
  npm start -- --env prod --port 8080

  --env NAME       which environment to run, default dev
  --port N         where the HTTP API answers, default 3000; 0 picks a free port
  --aws-port N     where S3, Step Functions, Lambda and SQS answer, default 4566; 0 picks a free port
  --console-port N where the page to watch it on answers, default 3080 or else a free port; 0 picks a free port
  --delivery-port N
                   where renditions are delivered if the stack does that, default 3001 or else a free port
  --stack FILE     run this cdk.tf.json as it is instead of building and synthesizing first
  --out FOLDER     where outputs.json and aws.env go, default .local
  --data FOLDER    keep the objects of S3 there from one run to the next
  --verbose        log lines in full
  --help           this text

All listen on 127.0.0.1 only. When ready, outputs.json holds the stack's outputs (in the format of
\`cdktf output --outputs-file\`) and aws.env what AWS clients need. Ctrl-C stops everything.`;

const HIGHEST_PORT = 65_535;

/** The options as `util.parseArgs` takes them. */
export const OPTIONS = {
  env: { type: "string", default: "dev" },
  port: { type: "string", default: "3000" },
  "aws-port": { type: "string", default: "4566" },
  "console-port": { type: "string" },
  "delivery-port": { type: "string" },
  stack: { type: "string" },
  out: { type: "string", default: ".local" },
  data: { type: "string" },
  verbose: { type: "boolean", default: false },
} as const;

/** Reads the command line. @throws UsageError */
export const parseOptions = (args: readonly string[]): StartOptions => startOptions(given({ options: OPTIONS }, args));

/** What the options ask for. @throws UsageError */
export function startOptions({ values }: Given<typeof OPTIONS>): StartOptions {
  return {
    environment: environmentName(values.env),
    port: port(values.port, "--port"),
    awsPort: port(values["aws-port"], "--aws-port"),
    consolePort: values["console-port"] === undefined ? "usual" : port(values["console-port"], "--console-port"),
    deliveryPort: values["delivery-port"] === undefined ? "usual" : port(values["delivery-port"], "--delivery-port"),
    ...(values.stack !== undefined && { stack: values.stack }),
    out: values.out,
    ...(values.data !== undefined && { data: values.data }),
    verbose: values.verbose,
  };
}

function environmentName(text: string): string {
  if (/^[a-z0-9-]+$/.test(text)) return text;
  throw new UsageError(`--env: expected the name of an environment but received "${text}"`);
}

function port(text: string, option: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number <= HIGHEST_PORT) return number;
  throw new UsageError(`${option}: expected a port from 0 to ${HIGHEST_PORT} but received "${text}"`);
}
