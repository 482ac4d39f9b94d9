/** A named size that callers may ask for: the only way to say how large a picture comes out. */
export interface RenditionPreset {
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
  /** `inside` keeps the whole picture within width x height, `cover` fills them and cuts off what sticks out. */
  readonly fit: "inside" | "cover";
  /** `source` keeps the format the picture came in. */
  readonly format: "source" | "jpeg" | "png" | "webp" | "avif" | "gif";
  /** 1 to 100; each format has its own default. */
  readonly quality?: number;
  /** What `cover` keeps in view. @default the centre */
  readonly position?: "centre" | "attention" | "entropy";
  /** `#rrggbb` put behind transparency where the format has none. @default white */
  readonly background?: string;
  /** Keep all frames where the format can. @default the first frame only */
  readonly animated?: boolean;
  /** Allow a small picture to be enlarged. @default never */
  readonly enlarge?: boolean;
}

/** The environment variables of the function, as the stack sets them. */
export interface FunctionEnvironment {
  /** Name of the environment's own bucket that pictures come from. */
  readonly ORIGINAL_BUCKET: string;
  /** Name of the environment's own bucket that renditions go to. */
  readonly RESIZED_BUCKET: string;
  /** JSON: `{ [name]: RenditionPreset }`. */
  readonly RENDITIONS: string;
  /** Cache-Control header of every object written. */
  readonly CACHE_CONTROL: string;
  /** Where it may read renditions, to make only what is missing of them. */
  readonly READS_RENDITIONS?: "true";
  /** Where it deletes the renditions of a source that was deleted. */
  readonly DELETES_RENDITIONS?: "true";
  /** Beside it, where not every upload starts an execution. JSON: `UploadedKeys`. */
  readonly UPLOADS?: string;
}

/** Keys of which an upload starts an execution: those that begin or end so, and without either all. */
export interface UploadedKeys {
  readonly prefixes?: readonly string[];
  readonly suffixes?: readonly string[];
}

/** What the function is set up for. */
export interface Config {
  readonly originalBucket: string;
  readonly resizedBucket: string;
  /** By name. A Map, so that no name of a request can reach a property of Object. */
  readonly presets: ReadonlyMap<string, RenditionPreset>;
  readonly cacheControl: string;
  /** Whether a request may ask for what is missing only. */
  readonly readsRenditions: boolean;
  /** Whether the renditions of a source that was deleted are deleted. */
  readonly deletesRenditions: boolean;
  /** Whose renditions are made again where a deletion came too late. */
  readonly uploads: UploadedKeys;
  readonly memoryMb: number;
}

/** Reads the configuration. @throws Error when a variable is missing: the deployment is broken, not the request */
export function readConfig(variables: NodeJS.ProcessEnv): Config {
  // The environment's validator has checked the presets before they were deployed.
  const presets: Record<string, RenditionPreset> = JSON.parse(required(variables, "RENDITIONS"));
  const uploads: UploadedKeys = JSON.parse(variables.UPLOADS ?? "{}");
  return {
    originalBucket: required(variables, "ORIGINAL_BUCKET"),
    resizedBucket: required(variables, "RESIZED_BUCKET"),
    presets: new Map(Object.entries(presets)),
    cacheControl: required(variables, "CACHE_CONTROL"),
    readsRenditions: variables.READS_RENDITIONS === "true",
    deletesRenditions: variables.DELETES_RENDITIONS === "true",
    uploads,
    memoryMb: Number(required(variables, "AWS_LAMBDA_FUNCTION_MEMORY_SIZE")),
  };
}

function required(
  variables: NodeJS.ProcessEnv,
  name: keyof FunctionEnvironment | "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
): string {
  const value = variables[name];
  if (!value) throw new Error(`Expected the environment variable ${name} but it is not set`);
  return value;
}
