import type { PolicyStatement } from "@image-pipeline/iam-policy";
import type { Environment } from "../../environments/environment";
import { NOT_FOUND_KEY } from "../../environments/names";
import { pipelineArns } from "../../environments/pipeline-arns";
import { deliveryKeyStatements } from "./bucket-keys";

/** What `terraform plan` reads of the delivery of renditions, of environments in one account. */
export function readDeliveryStatements(environments: readonly Environment[]): readonly PolicyStatement[] {
  const arns = environments.map(arnsOf);
  return [
    {
      Sid: "ReadDelivery",
      Effect: "Allow",
      Action: [
        "cloudfront:GetDistribution",
        "cloudfront:GetOriginAccessControl",
        "cloudfront:GetResponseHeadersPolicy",
        "cloudfront:ListTagsForResource",
      ],
      Resource: [...new Set(arns.flatMap(({ delivery }) => delivery))],
    },
    {
      Sid: "ReadNotFoundPage",
      Effect: "Allow",
      Action: ["s3:GetObject", "s3:GetObjectTagging"],
      Resource: arns.map(({ notFoundPage }) => notFoundPage),
    },
  ];
}

/** What making, changing and taking away the delivery takes, beyond reading it. */
export function writeDeliveryStatements(environment: Environment): readonly PolicyStatement[] {
  const arns = arnsOf(environment);
  return [
    {
      Sid: "WriteDelivery",
      Effect: "Allow",
      Action: [
        "cloudfront:CreateDistribution",
        "cloudfront:CreateOriginAccessControl",
        "cloudfront:CreateResponseHeadersPolicy",
        "cloudfront:DeleteDistribution",
        "cloudfront:DeleteOriginAccessControl",
        "cloudfront:DeleteResponseHeadersPolicy",
        "cloudfront:TagResource",
        "cloudfront:UntagResource",
        "cloudfront:UpdateDistribution",
        "cloudfront:UpdateOriginAccessControl",
        "cloudfront:UpdateResponseHeadersPolicy",
      ],
      Resource: arns.delivery,
    },
    {
      Sid: "WriteNotFoundPage",
      Effect: "Allow",
      Action: ["s3:DeleteObject", "s3:DeleteObjectVersion", "s3:PutObject"],
      Resource: arns.notFoundPage,
    },
    ...deliveryKeyStatements(environment),
    {
      // An object goes away with all its versions, which Terraform looks for.
      Sid: "FindVersionsOfNotFoundPage",
      Effect: "Allow",
      Action: "s3:ListBucketVersions",
      Resource: pipelineArns(environment).resizedBucket,
      Condition: { StringEquals: { "s3:prefix": NOT_FOUND_KEY } },
    },
  ];
}

/**
 * CloudFront belongs to no region and chooses its ids: of an account, all that can be named is what kind of thing it is. Each
 * of the actions above is about one of these kinds.
 */
function arnsOf({ accountId, ...environment }: Environment) {
  const kinds = ["distribution", "origin-access-control", "response-headers-policy"];
  return {
    delivery: kinds.map((kind) => `arn:aws:cloudfront::${accountId}:${kind}/*`),
    notFoundPage: `${pipelineArns({ accountId, ...environment }).resizedBucket}/${NOT_FOUND_KEY}`,
  };
}
