import type { PolicyDocument } from "@image-pipeline/iam-policy";

/** An IAM role: who may assume it, and what it may do. */
export interface Role {
  readonly address: string;
  readonly name: string;
  readonly arn: string;
  readonly trust: PolicyDocument;
  readonly policies: readonly PolicyDocument[];
  readonly boundary?: PolicyDocument;
}
