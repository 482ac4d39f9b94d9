import { type Language, type Payload, parsePayload } from "../data/payload";
import { DefinitionError, isObject, type Json } from "../data/scope";
import { type ChildResult, entriesOf, type Transformation } from "./child-result";
import { payloadNames, refuseOthers } from "./known-fields";

/** What a distributed Map makes of its children's results, and where it writes them. */
export interface ResultWriter {
  readonly transformation: Transformation;
  readonly outputType: "JSON" | "JSONL";
  /** `Parameters` or `Arguments`: bucket and prefix; `undefined` when results only become the state's output. */
  readonly target: Payload | undefined;
}

/** What holds without a ResultWriter (docs: input-output-resultwriter, "COMPACT: default when ResultWriter is not specified"). */
export const noResultWriter: ResultWriter = { transformation: "COMPACT", outputType: "JSON", target: undefined };

/** Reads the field ResultWriter. Throws a `DefinitionError`. */
export function parseResultWriter(json: Json, language: Language): ResultWriter {
  const parametersField = language === "JSONPath" ? "Parameters" : "Arguments";
  if (!isObject(json)) throw new DefinitionError("Expected an object as ResultWriter");
  refuseOthers(json, "ResultWriter", ["Resource", "WriterConfig", parametersField]);
  const { Resource: resource, WriterConfig: config } = json;
  const parameters = json[parametersField];
  if ((resource === undefined) !== (parameters === undefined)) {
    throw new DefinitionError(`Expected Resource and ${parametersField} together in ResultWriter`);
  }
  if (resource === undefined && config === undefined) {
    throw new DefinitionError(`Expected WriterConfig, or Resource and ${parametersField}, in ResultWriter`);
  }
  const written = parameters !== undefined;
  if (written && !(typeof resource === "string" && /^arn:aws[a-z-]*:states:::s3:putObject$/.test(resource))) {
    throw new DefinitionError(`Expected arn:aws:states:::s3:putObject as Resource of ResultWriter`);
  }
  const { transformation, outputType } = parseConfig(config ?? {}, written ? "NONE" : "COMPACT");
  if (!written && outputType === "JSONL") {
    throw new DefinitionError("OutputType JSONL is not supported in a ResultWriter without Resource");
  }
  if (isObject(parameters)) {
    refuseOthers(parameters, `${parametersField} of ResultWriter`, payloadNames(["Bucket", "Prefix"], language));
  }
  const target = written ? parsePayload(parameters, language, `ResultWriter/${parametersField}`) : undefined;
  return { transformation, outputType, target };
}

function parseConfig(
  config: Json,
  otherwise: Transformation,
): { readonly transformation: Transformation; readonly outputType: "JSON" | "JSONL" } {
  if (!isObject(config)) throw new DefinitionError("Expected an object as WriterConfig");
  refuseOthers(config, "WriterConfig", ["Transformation", "OutputType"]);
  const { Transformation: transformation = otherwise, OutputType: outputType = "JSON" } = config;
  if (transformation !== "NONE" && transformation !== "COMPACT" && transformation !== "FLATTEN") {
    throw new DefinitionError(
      `Expected NONE, COMPACT or FLATTEN as Transformation but received ${JSON.stringify(transformation)}`,
    );
  }
  if (outputType !== "JSON" && outputType !== "JSONL") {
    throw new DefinitionError(`Expected JSON or JSONL as OutputType but received ${JSON.stringify(outputType)}`);
  }
  return { transformation, outputType };
}

/** The state's output when nothing is written: the results in the order of their items. */
export function resultsAsOutput(writer: ResultWriter, results: readonly ChildResult[]): Json {
  return results.flatMap((result) => entriesOf(result, writer.transformation));
}
