import type { PolicyStatement } from "@image-pipeline/iam-policy";
import type { State } from "../../environments/state";

/** Lets Terraform read a state, without locking it; nothing when it is a local file. */
export function readStateStatements(state: State): readonly PolicyStatement[] {
  if (state === "local") return [];
  const bucket = `arn:aws:s3:::${state.bucket}`;
  return [
    { Sid: "FindState", Effect: "Allow", Action: "s3:ListBucket", Resource: bucket },
    { Sid: "ReadState", Effect: "Allow", Action: "s3:GetObject", Resource: `${bucket}/${state.key}` },
  ];
}

/** Lets Terraform write a state and lock it while it does; a version of the state it can never delete. */
export function writeStateStatements(state: State): readonly PolicyStatement[] {
  if (state === "local") return [];
  const object = `arn:aws:s3:::${state.bucket}/${state.key}`;
  return [
    { Sid: "WriteState", Effect: "Allow", Action: "s3:PutObject", Resource: object },
    {
      Sid: "LockState",
      Effect: "Allow",
      Action: ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
      Resource: `${object}.tflock`,
    },
  ];
}
