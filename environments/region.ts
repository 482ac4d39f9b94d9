import { choice, type Schema } from "./expectations";

/**
 * A region of the `aws` partition that is on by default, where every service of the pipeline is offered:
 * https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html
 */
export const region: Schema<string> = choice([
  "ap-northeast-1",
  "ap-northeast-2",
  "ap-northeast-3",
  "ap-south-1",
  "ap-southeast-1",
  "ap-southeast-2",
  "ca-central-1",
  "eu-central-1",
  "eu-north-1",
  "eu-west-1",
  "eu-west-2",
  "eu-west-3",
  "sa-east-1",
  "us-east-1",
  "us-east-2",
  "us-west-1",
  "us-west-2",
]);
