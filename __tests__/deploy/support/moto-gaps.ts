import validate = require("asl-validator");

import type { Answer } from "./answer";
import type { AwsRequest } from "./aws-request";
import { HeadersPolicies } from "./headers-policies";

/**
 * What stands in for Moto where it would keep Terraform from working: two actions of Step Functions that it does not
 * have, for which the provider would try for minutes, CloudFront's response headers policies, and bucket policies, whose conditions it ignores: a policy that
 * denies what comes without TLS would deny everything.
 */
export class MotoGaps {
  private readonly bucketPolicies = new Map<string, string>();
  private readonly headersPolicies = new HeadersPolicies();

  /** Undefined for what is Moto's to answer, which is nearly everything. */
  answer(request: AwsRequest): Answer | undefined {
    return stepFunctions(request) ?? this.headersPolicies.answer(request) ?? this.bucketPolicy(request);
  }

  private bucketPolicy({ method, url, body }: AwsRequest): Answer | undefined {
    // Clients differ in the slash and in what else they put into the query.
    const [, bucket] = /^\/([^/?]+)\/?\?(?:.*&)?policy=?(?:&|$)/.exec(url) ?? [];
    if (bucket === undefined) return undefined;
    const policy = this.bucketPolicies.get(bucket);
    switch (method) {
      case "PUT":
        this.bucketPolicies.set(bucket, body);
        return { status: 204, contentType: "application/xml", body: "" };
      case "DELETE":
        this.bucketPolicies.delete(bucket);
        return { status: 204, contentType: "application/xml", body: "" };
      default:
        return policy === undefined ? undefined : { status: 200, contentType: "application/json", body: policy };
    }
  }
}

function stepFunctions({ headers, body }: AwsRequest): Answer | undefined {
  switch (headers["x-amz-target"]) {
    case "AWSStepFunctions.ValidateStateMachineDefinition":
      return json(validation(JSON.parse(JSON.parse(body).definition)));
    case "AWSStepFunctions.ListStateMachineVersions":
      return json({ stateMachineVersions: [] });
    default:
      return undefined;
  }
}

// https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinition.html
function validation(definition: unknown): unknown {
  const { isValid, errors } = validate(definition);
  return {
    result: isValid ? "OK" : "FAIL",
    diagnostics: errors.map((error) => ({
      severity: "ERROR",
      code: error["Error code"],
      message: error.Message,
      location: "",
    })),
  };
}

function json(value: unknown): Answer {
  return { status: 200, contentType: "application/x-amz-json-1.0", body: JSON.stringify(value) };
}
