import type { Bootstrap } from "./bootstrap";

/** The repository that deploys, and the accounts it deploys to. */
export const bootstrap: Bootstrap = {
  repository: "example-org@1234567/image-pipeline@7654321",
  branch: "main",
  accounts: [
    {
      name: "dev",
      accountId: "111111111111",
      region: "eu-central-1",
      stateBucketName: "image-pipeline-state-111111111111",
      state: "local",
      tags: { project: "image-pipeline", "managed-by": "cdktf" },
    },
    {
      name: "prod",
      accountId: "222222222222",
      region: "eu-central-1",
      stateBucketName: "image-pipeline-state-222222222222",
      state: "local",
      tags: { project: "image-pipeline", "managed-by": "cdktf" },
    },
  ],
};
