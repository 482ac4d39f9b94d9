import type { PolicyStatement } from "@image-pipeline/iam-policy";
import type { Environment } from "../../environments/environment";

const ROUTES = ["POST/resized", "POST/process", "PUT/executions/*", "GET/executions/*"];

/**
 * Lets a caller call the API of an environment whose `apiAuth` is `iam`. AWS chooses the id of an API, so no name can be
 * in its ARN: what is named is the stages and the routes, of which one has the environment's name.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control-iam.html
 */
export function invokeStatements({ name, accountId, region }: Environment): readonly PolicyStatement[] {
  const stages = ["$default", name].map((stage) => `arn:aws:execute-api:${region}:${accountId}:*/${stage}`);
  return [
    {
      Sid: "CallTheApi",
      Effect: "Allow",
      Action: "execute-api:Invoke",
      Resource: stages.flatMap((stage) => ROUTES.map((route) => `${stage}/${route}`)),
    },
  ];
}
