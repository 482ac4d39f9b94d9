import { resolve } from "node:path";
import { roleByArn } from "./read-roles";
import type { Resources } from "./resources";
import type { FunctionResource, LayerResource, Role } from "./stack-model";
import { UnsupportedError } from "./unsupported-error";

// What Lambda gives a function that names neither: https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
const DEFAULT_MEMORY_MB = 128;
const DEFAULT_TIMEOUT_SECONDS = 3;

/** The functions with their layers. File names in the stack are relative to the folder of cdk.tf.json. */
export function readFunctions(
  resources: Resources,
  roles: ReadonlyMap<string, Role>,
  stackFolder: string,
): readonly FunctionResource[] {
  const layers = new Map(readLayers(resources, stackFolder).map((layer) => [layer.arn, layer]));
  return resources.ofType("aws_lambda_function").map((block) => {
    const name = block.string("function_name");
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
      layers: block.strings("layers").map((arn) => {
        const layer = layers.get(arn);
        if (layer === undefined)
          throw new UnsupportedError(block.address, `expected a layer of the stack but received ${arn}`);
        return layer;
      }),
      environment: environment?.stringMap("variables") ?? {},
      timeoutSeconds: block.optionalNumber("timeout") ?? DEFAULT_TIMEOUT_SECONDS,
      memoryMb: block.optionalNumber("memory_size") ?? DEFAULT_MEMORY_MB,
      // Terraform writes "no reservation" as -1.
      ...(reserved !== undefined && reserved >= 0 && { reservedConcurrency: reserved }),
      logGroup: logging?.optionalString("log_group") ?? `/aws/lambda/${name}`,
      logFormat: logging?.optionalString("log_format") === "JSON" ? "JSON" : "Text",
      traced: tracing?.string("mode") === "Active",
    };
    environment?.end();
    // Levels filter what reaches CloudWatch; this machine shows everything.
    logging?.withoutLocalMeaning("application_log_level", "system_log_level");
    logging?.end();
    tracing?.end();
    // The processor is this machine's; the hash tells Terraform when to upload.
    block.withoutLocalMeaning("architectures", "source_code_hash", "description", "publish");
    block.end();
    return resource;
  });
}

function readLayers(resources: Resources, stackFolder: string): readonly LayerResource[] {
  return resources.ofType("aws_lambda_layer_version").map((block) => {
    const layer: LayerResource = {
      address: block.address,
      arn: String(resources.lookup(`${block.address}.arn`, block.address)),
      zipPath: resolve(stackFolder, block.string("filename")),
    };
    block.withoutLocalMeaning("layer_name", "source_code_hash", "compatible_runtimes", "compatible_architectures");
    block.withoutLocalMeaning("description", "license_info", "skip_destroy");
    block.end();
    return layer;
  });
}
