import { resolve } from "node:path";
import { UnsupportedError } from "../unsupported-error";
import type { Block } from "./block";
import { roleByArn } from "./read-roles";
import type { Resources } from "./resources";
import type { Role } from "./role";
import type { FunctionResource, LayerResource } from "./stack-model";

// https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
const NAME = /^[A-Za-z0-9_-]{1,64}$/;
const MAX_TIMEOUT_SECONDS = 900;
const MIN_MEMORY_MB = 128;
const MAX_MEMORY_MB = 10_240;
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const MAX_LAYERS = 5;
// What Lambda gives a function that names none of them.
const DEFAULT_MEMORY_MB = 128;
const DEFAULT_TIMEOUT_SECONDS = 3;
const DEFAULT_ARCHITECTURE = "x86_64";
// https://docs.aws.amazon.com/lambda/latest/api/API_LoggingConfig.html
const APPLICATION_LOG_LEVELS = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"] as const;
const SYSTEM_LOG_LEVELS = ["DEBUG", "INFO", "WARN"] as const;

type Layer = LayerResource & { readonly architectures: readonly string[] };

/** The functions with their layers. File names in the stack are relative to the folder of cdk.tf.json. */
export function readFunctions(
  resources: Resources,
  roles: ReadonlyMap<string, Role>,
  stackFolder: string,
): readonly FunctionResource[] {
  const layers = new Map(readLayers(resources, stackFolder).map((layer) => [layer.arn, layer]));
  return resources.ofType("aws_lambda_function").map((block) => {
    const name = block.stringLike("function_name", NAME, "1 to 64 letters, digits, - and _");
    const environment = block.optionalBlock("environment");
    const logging = block.optionalBlock("logging_config");
    const tracing = block.optionalBlock("tracing_config");
    const reserved = block.optionalNumber("reserved_concurrent_executions");
    const packageType = block.optionalString("package_type") ?? "Zip";
    if (packageType !== "Zip")
      throw new UnsupportedError(block.address, `expected package_type Zip but received ${packageType}`);
    const resource: FunctionResource = {
      address: block.address,
      name,
      arn: String(resources.lookup(`${block.address}.arn`, block.address)),
      role: roleByArn(roles, block.string("role"), block.address),
      runtime: block.string("runtime"),
      handler: block.string("handler"),
      zipPath: resolve(stackFolder, block.string("filename")),
      layers: readLayersOf(block, layers),
      environment: environment?.stringMap("variables") ?? {},
      timeoutSeconds: block.optionalWhole("timeout", 1, MAX_TIMEOUT_SECONDS) ?? DEFAULT_TIMEOUT_SECONDS,
      memoryMb: block.optionalWhole("memory_size", MIN_MEMORY_MB, MAX_MEMORY_MB) ?? DEFAULT_MEMORY_MB,
      // Terraform writes "no reservation" as -1.
      ...(reserved !== undefined && reserved >= 0 && { reservedConcurrency: reserved }),
      logGroup: logging?.optionalString("log_group") ?? `/aws/lambda/${name}`,
      logFormat: logging ? readLogFormat(logging) : "Text",
      traced: tracing?.oneOf("mode", ["Active", "PassThrough"]) === "Active",
    };
    environment?.end();
    tracing?.end();
    // The hash tells Terraform when to upload.
    block.withoutLocalMeaning("source_code_hash", "description", "publish");
    block.end();
    return resource;
  });
}

/** Levels filter what reaches CloudWatch, in JSON only; this machine shows everything. */
function readLogFormat(logging: Block): FunctionResource["logFormat"] {
  const format = logging.oneOf("log_format", ["JSON", "Text"]);
  const applicationLevel = logging.optionalOneOf("application_log_level", APPLICATION_LOG_LEVELS);
  const systemLevel = logging.optionalOneOf("system_log_level", SYSTEM_LOG_LEVELS);
  logging.end();
  if (format === "Text" && (applicationLevel ?? systemLevel) !== undefined)
    throw new UnsupportedError(logging.address, "expected log levels with log_format JSON only");
  return format;
}

/** The code runs on this machine's processor, but a layer for another one than the function's fails on Lambda. */
function readLayersOf(block: Block, layers: ReadonlyMap<string, Layer>): readonly Layer[] {
  const [architecture = DEFAULT_ARCHITECTURE, ...others] = block.strings("architectures");
  if (!["arm64", "x86_64"].includes(architecture) || others.length > 0) {
    throw new UnsupportedError(
      block.address,
      `expected architectures ["arm64"] or ["x86_64"] but received ${JSON.stringify([architecture, ...others])}`,
    );
  }
  const arns = block.strings("layers");
  if (arns.length > MAX_LAYERS || new Set(arns).size < arns.length) {
    throw new UnsupportedError(block.address, `expected at most ${MAX_LAYERS} layers, each once, but received ${arns}`);
  }
  return arns.map((arn) => {
    const layer = layers.get(arn);
    if (layer === undefined)
      throw new UnsupportedError(block.address, `expected a layer of the stack but received ${arn}`);
    if (layer.architectures.length > 0 && !layer.architectures.includes(architecture)) {
      throw new UnsupportedError(
        block.address,
        `runs on ${architecture}, and ${layer.address} is for ${layer.architectures.join(" and ")}`,
      );
    }
    return layer;
  });
}

function readLayers(resources: Resources, stackFolder: string): readonly Layer[] {
  return resources.ofType("aws_lambda_layer_version").map((block) => {
    const layer: Layer = {
      address: block.address,
      arn: String(resources.lookup(`${block.address}.arn`, block.address)),
      zipPath: resolve(stackFolder, block.string("filename")),
      architectures: block.strings("compatible_architectures"),
    };
    block.withoutLocalMeaning("layer_name", "source_code_hash", "compatible_runtimes");
    block.withoutLocalMeaning("description", "license_info", "skip_destroy");
    block.end();
    return layer;
  });
}
