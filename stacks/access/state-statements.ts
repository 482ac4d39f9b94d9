import type { State } from "../../environments/state";
import type { PolicyStatement } from "../constructs/policy-document";

/** Lets Terraform read the states, without a lock; nothing when they are local files. */
export function readStateStatements(states: readonly State[]): readonly PolicyStatement[] {
  const located = states.filter((state) => state !== "local");
  if (located.length === 0) return [];
  return [
    {
      Sid: "FindState",
      Effect: "Allow",
      Action: "s3:ListBucket",
      Resource: [...new Set(located.map(({ bucket }) => `arn:aws:s3:::${bucket}`))],
    },
    {
      Sid: "ReadState",
      Effect: "Allow",
      Action: "s3:GetObject",
      Resource: located.map(({ bucket, key }) => `arn:aws:s3:::${bucket}/${key}`),
    },
  ];
}

/** Lets Terraform write the state of one stack and lock it while it does; a version of the state it can never delete. */
export function writeStateStatements(state: State): readonly PolicyStatement[] {
  if (state === "local") return [];
  const object = `arn:aws:s3:::${state.bucket}/${state.key}`;
  return [
    ...readStateStatements([state]),
    { Sid: "WriteState", Effect: "Allow", Action: "s3:PutObject", Resource: object },
    {
      Sid: "LockState",
      Effect: "Allow",
      Action: ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
      Resource: `${object}.tflock`,
    },
  ];
}
