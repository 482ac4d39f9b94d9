import { createServer, type Server } from "node:http";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { getRequestListener } from "@hono/node-server";
import { awsEndpoint } from "./aws-endpoint";
import { Console } from "./console/server/console";
import type { ConsolePort } from "./console/server/console-server";
import { atLocalAddress, Delivery, type DeliveryPort } from "./delivery/delivery";
import { Authenticator } from "./endpoint/authenticator";
import { EventBus } from "./events/event-bus";
import { httpApi, MAX_HEADER_BYTES } from "./http-api/http-api";
import { Authorizer } from "./iam/authorizer";
import { CredentialStore } from "./iam/credentials";
import { DecisionTrail } from "./iam/decision-trail";
import { requireServiceGrants } from "./iam/service-grants";
import type { JsonObject } from "./json";
import { codeFolders, unpack } from "./lambda/function-code";
import { LambdaFunction } from "./lambda/lambda-function";
import { SandboxQueue } from "./lambda/sandbox-queue";
import { listen } from "./listen";
import type { Log } from "./log";
import { wrongNode } from "./node-runtime";
import { objectEvent } from "./s3/object-event";
import { S3Server } from "./s3/s3-server";
import { LocalTopic } from "./sns/local-topic";
import { LocalQueue } from "./sqs/local-queue";
import { QueueOperations } from "./sqs/operations";
import { loadStack } from "./stack/load-stack";
import type { Role } from "./stack/role";
import type { FunctionResource, LayerResource, StackModel } from "./stack/stack-model";
import { executionEvent } from "./step-functions/execution-event";
import { StepFunctionsOperations } from "./step-functions/operations";
import { LocalStateMachine } from "./step-functions/state-machine";
import { StoredObjects } from "./step-functions/stored-objects";
import { UnsupportedError } from "./unsupported-error";
import { presetWorkshop } from "./workshop/preset-workshop";

const USUAL_DELIVERY_PORT = 3001;

/** What a run is started with. */
export interface RunnerOptions {
  /** Path of a synthesized cdk.tf.json. */
  readonly stackPath: string;
  /** 0 picks a free one. */
  readonly port: number;
  /** 0 picks a free one. */
  readonly awsPort: number;
  /** Of the page to watch it on; without one there is no page. */
  readonly consolePort?: ConsolePort;
  /** Where renditions are delivered, if the stack delivers them. 0, the default, picks a free one. */
  readonly deliveryPort?: DeliveryPort;
  /** A folder outside the project for the unpacked code; the caller removes it. */
  readonly codeFolder: string;
  /** The zip to use in the place of a layer that was built for Lambda's machine. */
  readonly layerZip: (layer: LayerResource) => Promise<string>;
  readonly log: Log;
  /** Keeps the objects of S3 from one run to the next. */
  readonly data?: string;
}

/** A stack that runs. */
export interface Runner {
  readonly stackName: string;
  readonly region: string;
  readonly apiUrl: string;
  readonly awsUrl: string;
  readonly consoleUrl: string | undefined;
  /** Of a stack with a distribution. */
  readonly deliveryUrl: string | undefined;
  readonly outputs: JsonObject;
  readonly stop: () => Promise<void>;
}

/** Runs a synthesized stack on this machine. @throws Error in one line that says what is wrong */
export async function startRunner(options: RunnerOptions): Promise<Runner> {
  const page = new Console();
  const log = page.watching(options.log);
  const api = createServer({ maxHeaderSize: MAX_HEADER_BYTES });
  const aws = createServer();
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const close of stops.splice(0).reverse()) await close();
  };
  try {
    // The addresses are part of what the stack's references stand for, so they come first.
    const apiUrl = await listen(api, options.port, "--port");
    stops.push(() => closeServer(api));
    const awsUrl = await listen(aws, options.awsPort, "--aws-port");
    stops.push(() => closeServer(aws));

    const stack = await loadStack(options.stackPath, { apiUrl, awsUrl });
    const trail = new DecisionTrail();
    const authorizer = new Authorizer(stack, log, (asked) => trail.remember(asked));
    const credentials = new CredentialStore(stack.accountId);
    for (const { address, runtime } of stack.functions) {
      const problem = wrongNode(runtime, process.versions.node);
      if (problem !== undefined) throw new Error(`${address}: ${problem}`);
    }
    const authenticator = new Authenticator(credentials, stack.region);
    requireServiceGrants(stack, authorizer);

    const host = {
      region: stack.region,
      awsUrl,
      authorizer,
      credentials,
      queue: new SandboxQueue(2 * availableParallelism()),
      log,
      trail,
    };
    // Runs on other threads while the parts below are put together.
    const unpacked = Promise.all(stack.functions.map((resource) => unpackForThisMachine(resource, options)));
    unpacked.catch(() => {});
    const functions = stack.functions.map(
      (resource) => new LambdaFunction(resource, codeFolders(join(options.codeFolder, resource.name)), host),
    );
    stops.push(async () => void (await Promise.all(functions.map((fn) => fn.stop()))));

    const objects = (role: Role) =>
      new StoredObjects({
        endpoint: awsUrl,
        region: stack.region,
        credentials: () => credentials.assumeRole(role, "states"),
      });
    const machines = stack.stateMachines.map(
      (resource) =>
        new LocalStateMachine(resource, {
          functions,
          authorizer,
          objects,
          log,
          onExecutionChanged: (changed) => {
            void events.publish(executionEvent(changed, stack));
            page.executionChanged(changed.execution.arn);
          },
          onHistoryEvent: (arn) => page.executionChanged(arn),
          onMapRun: (run) => page.mapRunStarted(run),
          within: (arn, work) => trail.within(arn, work),
        }),
    );
    stops.push(async () => void (await Promise.all(machines.map((machine) => machine.stopAll()))));
    const stepFunctions = new StepFunctionsOperations(machines, authorizer);
    const queues = stack.queues.map((queue) => new LocalQueue(queue, `${awsUrl}/${stack.accountId}/${queue.name}`));
    const topics = stack.topics.map((topic) => new LocalTopic(topic, { queues, authorizer, log }));
    const sqs = new QueueOperations(queues, authorizer);
    const events = new EventBus({
      rules: stack.rules,
      queues,
      topics,
      machines,
      authorizer,
      log,
      apart: (work) => trail.begin(work),
    });
    const s3 = new S3Server({
      ...stack,
      authenticator,
      authorizer,
      log,
      onObjectChanged: (changed) => void events.publish(objectEvent(changed, stack)),
      onObjectTouched: (bucket, change) => page.objectTouched(bucket.name, change.version.key),
      dataFolder: options.data,
    });
    stops.push(async () => s3.stop());
    await s3.putObjects(stack.objects);

    const serve = awsEndpoint({ s3, stepFunctions, sqs, functions, authenticator, authorizer });
    const serveAws: typeof serve = (request, response) => trail.begin(() => serve(request, response));
    aws.on("request", serveAws);
    // S3 answers it itself, when nothing of the headers is refused.
    aws.on("checkContinue", serveAws);
    // And passes over what else is expected of it.
    aws.on("checkExpectation", serveAws);
    const [httpApiResource, second] = stack.apis;
    if (httpApiResource === undefined || second !== undefined) {
      throw new UnsupportedError(
        "aws_apigatewayv2_api",
        `expected one HTTP API but the stack has ${stack.apis.length}`,
      );
    }
    const serveApi = getRequestListener(
      httpApi(httpApiResource, { stepFunctions, functions, authenticator, authorizer, log }).fetch,
    );
    api.on("request", (request, response) => trail.begin(() => void serveApi(request, response)));
    const delivered = await deliver(stack, s3, { ...options, log }, { trail, stops });
    let consoleUrl: string | undefined;
    if (options.consolePort !== undefined) {
      const workshop = presetWorkshop({ stack, s3, authenticator, ...host }, options.codeFolder);
      if (workshop !== undefined) stops.push(() => workshop.stop());
      consoleUrl = await page.start(options.consolePort, {
        stack: { ...stack, outputs: delivered.outputs },
        apiUrl,
        awsUrl,
        machines,
        contents: (bucket) => s3.contents(bucket),
        trail,
        workshop,
      });
      stops.push(() => page.stop());
    }
    await unpacked;
    const { name: stackName, region } = stack;
    return { stackName, region, apiUrl, awsUrl, consoleUrl, ...delivered, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Serves the distribution of the stack, if it has one, at an address of its own, which is what the outputs say then. */
async function deliver(
  { distributions, outputs, accountId }: StackModel,
  s3: S3Server,
  { deliveryPort = 0, log }: RunnerOptions,
  { trail, stops }: { readonly trail: DecisionTrail; readonly stops: (() => Promise<void>)[] },
): Promise<Pick<Runner, "deliveryUrl" | "outputs">> {
  const [distribution, second] = distributions;
  if (distribution === undefined) return { deliveryUrl: undefined, outputs };
  if (second !== undefined)
    throw new UnsupportedError(second.address, "expected one distribution, the other one has the address already");
  const context = { "aws:sourcearn": distribution.arn, "aws:sourceaccount": accountId };
  const service = "cloudfront.amazonaws.com";
  const delivery = new Delivery(
    distribution,
    ({ path, ...asked }) => s3.read({ ...asked, url: `/${distribution.bucketName}${path}`, service, context }),
    log,
  );
  const server = createServer((request, response) => trail.begin(() => delivery.handle(request, response)));
  const at = (port: number) => listen(server, port, "--delivery-port");
  const deliveryUrl =
    deliveryPort === "usual" ? await at(USUAL_DELIVERY_PORT).catch(() => at(0)) : await at(deliveryPort);
  stops.push(() => closeServer(server));
  return { deliveryUrl, outputs: atLocalAddress(outputs, distribution, deliveryUrl) };
}

async function unpackForThisMachine(
  resource: FunctionResource,
  { codeFolder, layerZip }: RunnerOptions,
): Promise<void> {
  const layers = await Promise.all(
    resource.layers.map(async (layer) => ({ ...layer, zipPath: await layerZip(layer) })),
  );
  await unpack({ ...resource, layers }, codeFolders(join(codeFolder, resource.name)));
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
