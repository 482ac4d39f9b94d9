import type { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import type { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { LambdaLayerVersion } from "@cdktf/provider-aws/lib/lambda-layer-version";
import type { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { Construct } from "constructs";
import type { Environment } from "../../environments/environment";
import type { FunctionEnvironment, UploadedKeys } from "../../handlers/resize-image/config";
import type { Artifact } from "../../packaging/artifact";
import { bucketKeyStatements } from "../access/bucket-keys";
import { deleteRenditions } from "../access/delete-renditions";
import { readRenditions } from "../access/read-renditions";
import { assetOf, NODE_RUNTIME, nodeFunction } from "./node-function";
import type { OriginalBucket } from "./original-bucket";

export interface ResizeFunctionProps {
  readonly environment: Environment;
  readonly functionName: string;
  readonly layerName: string;
  readonly functionBundle: Artifact;
  readonly sharpLayer: Artifact;
  readonly originalBucket: OriginalBucket;
  readonly resizedBucket: S3Bucket;
}

/** The function that makes the renditions, with `sharp` in a layer: it reads one bucket's objects and writes the other's. */
export class ResizeFunction extends Construct {
  readonly function: LambdaFunction;
  readonly logGroup: CloudwatchLogGroup;

  constructor(scope: Construct, id: string, props: ResizeFunctionProps) {
    super(scope, id);
    const { environment } = props;

    const layer = new LambdaLayerVersion(this, "sharp", {
      layerName: props.layerName,
      filename: assetOf(this, "sharp-zip", props.sharpLayer).path,
      sourceCodeHash: props.sharpLayer.sha256Base64,
      compatibleRuntimes: [NODE_RUNTIME],
      compatibleArchitectures: [environment.architecture],
      // A version that could not be published must not have taken the one in use along.
      lifecycle: { createBeforeDestroy: true },
    });

    const made = nodeFunction(this, {
      environment,
      functionName: props.functionName,
      bundle: props.functionBundle,
      statements: [
        {
          Sid: "ReadOriginals",
          Effect: "Allow",
          Action: "s3:GetObject",
          Resource: `${props.originalBucket.arn}/*`,
        },
        {
          Sid: "WriteRenditions",
          Effect: "Allow",
          Action: "s3:PutObject",
          Resource: `${props.resizedBucket.arn}/*`,
        },
        ...(environment.backfill === "none" ? [] : readRenditions(props.resizedBucket.arn)),
        ...(environment.deleteRenditions
          ? deleteRenditions({ originalBucket: props.originalBucket.arn, resizedBucket: props.resizedBucket.arn })
          : []),
        ...bucketKeyStatements(environment),
      ],
      settings: {
        layers: [layer.arn],
        memorySize: environment.functionMemoryMb,
        timeout: environment.functionTimeoutSeconds,
        ...(environment.reservedConcurrency !== "none" && {
          reservedConcurrentExecutions: environment.reservedConcurrency,
        }),
        environment: { variables: { ...functionEnvironment(props), ...MEMORY_ALLOCATOR } },
      },
    });
    this.function = made.function;
    this.logGroup = made.logGroup;
  }
}

// The C library keeps a heap for nearly every thread that decodes, and what one of them has freed serves no other: after
// 400 pictures in a sandbox of 512 MB the process held 640 MB, with two heaps 320 MB. See mallopt(3), M_ARENA_MAX.
const MEMORY_ALLOCATOR = { MALLOC_ARENA_MAX: "2" };

function functionEnvironment({ environment, originalBucket, resizedBucket }: ResizeFunctionProps): FunctionEnvironment {
  return {
    ORIGINAL_BUCKET: originalBucket.bucket,
    RESIZED_BUCKET: resizedBucket.bucket,
    RENDITIONS: JSON.stringify(environment.renditions),
    CACHE_CONTROL: environment.cacheControl,
    ...(environment.backfill !== "none" && { READS_RENDITIONS: "true" }),
    ...(environment.deleteRenditions && { DELETES_RENDITIONS: "true", ...uploadedKeys(environment.uploads) }),
  };
}

function uploadedKeys({ prefixes, suffixes }: Environment["uploads"]): Pick<FunctionEnvironment, "UPLOADS"> {
  const keys: UploadedKeys = { ...(prefixes && { prefixes }), ...(suffixes && { suffixes }) };
  return prefixes || suffixes ? { UPLOADS: JSON.stringify(keys) } : {};
}
