import { reviewComment } from "../comment";
import { parsePlan } from "../terraform-plan";
import { planFixture, planWith } from "./plan-fixture";

const commentOn = (...names: string[]): string => reviewComment(names.map(planFixture), { title: "Terraform plan" });
const lineWith = (text: string, ...parts: string[]): string =>
  text.split("\n").find((line) => parts.every((part) => line.includes(part))) ?? `no line with ${parts.join(" and ")}`;

describe("reviewComment on the plans of the real Terraform", () => {
  it.each([
    ["first-deploy", "| 39 | 0 | 0 | 0 |  |"],
    ["no-change", "| 0 | 0 | 0 | 0 | no change |"],
    ["changed-policy", "| 0 | 2 | 0 | 0 |  |"],
    ["replaced-bucket", "| 0 | 3 | 9 | 0 | ⛔ **1 with data destroyed** |"],
    ["destroyed-trigger", "| 0 | 0 | 0 | 7 | ⛔ **1 with data destroyed** |"],
    ["very-large", "| 800 | 0 | 0 | 0 |  |"],
  ])("counts what %s adds, changes, replaces and destroys", (name, counts) => {
    expect(commentOn(name)).toContain(`| \`image-pipeline-dev\` ${counts}\n`);
  });

  it("has one row for each stack", () => {
    const reviews = [
      { ...planFixture("no-change"), name: "image-pipeline-dev" },
      { ...planFixture("changed-policy"), name: "image-pipeline-prod" },
    ];

    const comment = reviewComment(reviews, { title: "Terraform plan" });

    expect(comment).toContain(
      "| `image-pipeline-dev` | 0 | 0 | 0 | 0 | no change |\n| `image-pipeline-prod` | 0 | 2 |",
    );
    expect(comment).toContain("### Permissions\n\n**`image-pipeline-prod`**\n");
  });

  it("says no more than the table and the digest when nothing changes", () => {
    expect(commentOn("no-change")).not.toMatch(/###|<details>|CAUTION/);
  });

  it("puts the loss of a bucket's objects in an alert before everything else", () => {
    const comment = commentOn("replaced-bucket");

    expect(comment.split("\n\n")[2]).toMatch(
      /^> \[!CAUTION\]\n> \*\*This destroys .*\n>\n> - `image-pipeline-dev`: `aws_s3_bucket.original_bucket_\w+` \(`image-pipeline-dev-original`\) is \*\*replaced\*\* because `bucket` changes, and with it \*\*every object in it, with all versions\*\*$/,
    );
  });

  it("lists what is replaced without data apart from it", () => {
    expect(lineWith(commentOn("replaced-bucket"), "- `aws_lambda_layer_version")).toMatch(
      /is \*\*replaced\*\* because `source_code_hash` changes$/,
    );
  });

  it.each([
    ["a wider statement", "⚠️ **widened** `ReadOriginals`", "(new actions: `s3:GetObjectVersion`)"],
    ["a broad new statement", "⚠️ **added** `DeleteAnything`", "allows `s3:Delete*` on every resource (`*`)"],
    [
      "another account let in",
      "⚠️ **added** `Partner`",
      "allows `AWS arn:aws:iam::210987654321:root` to `s3:GetObject`",
    ],
    ["a denial taken away", "⚠️ **removed** `TlsOnly`", "forbade everyone (`*`) to `s3:*`"],
    [
      "a narrower statement",
      "- **narrowed** `WriteRenditions`",
      "no longer there: `arn:aws:s3:::image-pipeline-dev-resized/*`",
    ],
    ["a statement taken away", "- **removed** `WriteLogs`", "allowed `logs:CreateLogStream`, `logs:PutLogEvents`"],
  ])("tells %s as a sentence", (_, start, end) => {
    expect(lineWith(commentOn("changed-policy"), start)).toContain(end);
  });

  it("tells each statement of a destroyed stack once", () => {
    const sids = [...commentOn("destroyed").matchAll(/^- .*\*\*removed\*\* `(\w+)`/gm)].map(([, sid]) => sid);

    expect(sids.filter((sid) => sid === "WriteRenditions")).toHaveLength(1);
    expect(sids.filter((sid) => sid === "TlsOnly")).toHaveLength(2);
  });

  it("does not mention a statement that stays", () => {
    expect(commentOn("changed-policy").split("<details>")[0]).not.toContain("WriteTraces");
  });

  it("shows the sentences to stop at first", () => {
    const kinds = [...commentOn("changed-policy").matchAll(/^- (⚠️ )?\*\*(\w+)/gm)].map(
      ([, alarm]) => alarm !== undefined,
    );

    expect(kinds).toEqual([true, true, true, true, false, false]);
  });

  it("tells the statements of a first deployment as they are written, before any ARN is known", () => {
    expect(lineWith(commentOn("first-deploy"), "`WriteRenditions`")).toMatch(
      /\*\*added\*\* .*: allows `s3:PutObject` on `\$\{aws_s3_bucket.resized_bucket_\w+.arn\}\/\*`$/,
    );
  });

  it("says so when a policy is known only after apply and the stack is not at hand", () => {
    const { name, plan } = planFixture("first-deploy");

    expect(lineWith(reviewComment([{ name, plan }], { title: "Plan" }), "aws_iam_role_policy.resize")).toMatch(
      /^- ⚠️ `aws_iam_role_policy.resize_access_policy_\w+` is known only after apply and cannot be reviewed here$/,
    );
  });

  it("does not call a statement changed that follows a replaced bucket to its new name", () => {
    expect(commentOn("replaced-bucket")).not.toContain("### Permissions");
  });

  it.each([
    ["Public access", "`block_public_policy` `true` → `false`"],
    ["Encryption", "`sqs_managed_sse_enabled` `true` → `false`"],
    ["Encryption", '`rule[0].apply_server_side_encryption_by_default[0].sse_algorithm` `"AES256"` → `"aws:kms"`'],
    ["Throttling and concurrency", "`default_route_settings[0].throttling_rate_limit` `7` → `5000`"],
    ["Retention and recovery", "`retention_in_days` `14` → `1`"],
    ["Retention and recovery", '`versioning_configuration[0].status` `"Enabled"` → `"Suspended"`'],
  ])("shows under %s that %s", (group, change) => {
    const section = commentOn("opened-up")
      .split("### ")
      .find((text) => text.startsWith(group));

    expect(section?.split("<details>")[0]).toContain(change);
  });

  it("shows of a new resource what is open to everyone by default, and no other default", () => {
    const findings = commentOn("first-deploy").split("<details>")[0];

    expect(findings).toContain('`authorization_type` = `"NONE"`');
    expect(findings).not.toContain("skip_destroy");
  });

  it("never shows a value that is marked sensitive, wherever it stands", () => {
    const comment = commentOn("secret");

    expect(comment).not.toContain("hunter2");
    expect(comment).toContain("environment[0].variables.SIGNING_KEY = (sensitive)");
    expect(lineWith(comment, "aws_iam_role_policy.api_access_policy")).toContain(
      "is marked sensitive and cannot be reviewed here",
    );
  });

  it.each(["very-large", "first-deploy"])("stays below GitHub's limit with %s ten times", (name) => {
    const review = planFixture(name);
    const reviews = Array.from({ length: 10 }, (_, index) => ({ ...review, name: `stack-${index}` }));

    const comment = reviewComment(reviews, { title: "Terraform plan", footnote: "the end" });

    expect(comment.length).toBeLessThanOrEqual(65_536);
    expect(comment).toMatch(/\*\*\d+ more left out here\*\*: a comment holds no more than 65,536 characters/);
    expect(comment.endsWith("the end")).toBe(true);
  });

  it("closes what it opens also where it had to cut", () => {
    const reviews = Array.from({ length: 4 }, () => planFixture("first-deploy"));

    const comment = reviewComment(reviews, { title: "Terraform plan" });

    expect(comment).toMatch(/```\n\n\*\*\d+ more left out here\*\*.*\n\n<\/details>/);
    expect(comment.match(/<details>/g)).toHaveLength(comment.match(/<\/details>/g)?.length ?? 0);
    expect((comment.match(/^```/gm)?.length ?? 0) % 2).toBe(0);
  });

  it("ends with the digest of each plan", () => {
    const digests = commentOn("no-change", "changed-policy").match(/\| `[0-9a-f]{64}` \|/g) ?? [];

    expect(new Set(digests).size).toBe(2);
  });

  it("gives the same plan another digest when the stack it was made from is another", () => {
    const review = planFixture("first-deploy");
    const other = { ...review, stack: planFixture("changed-policy").stack };
    const digestOf = (text: string) => /\b[0-9a-f]{64}\b/.exec(text)?.[0];

    expect(digestOf(reviewComment([other], { title: "Plan" }))).not.toBe(
      digestOf(reviewComment([review], { title: "Plan" })),
    );
  });

  it("gives no digest to a plan whose stack is not at hand", () => {
    const { name, plan } = planFixture("changed-policy");

    expect(reviewComment([{ name, plan }], { title: "Plan" })).toContain(
      "| `image-pipeline-dev` | none without the synthesized stack |",
    );
  });
});

describe("reviewComment on values that want to be Markdown", () => {
  const hostile = "x`\n\n# Approved <script>alert(1)</script> @everyone | [safe](https://evil.example) </details> ```";

  it.each([
    [
      "a Sid",
      planWith({
        after: {
          policy: JSON.stringify({ Statement: { Sid: hostile, Effect: "Allow", Action: "s3:Get*", Resource: "*" } }),
        },
      }),
    ],
    [
      "an address",
      planWith({ name: `it["${hostile}"]`, actions: ["delete"], type: "aws_s3_bucket", before: { bucket: hostile } }),
    ],
    [
      "a setting",
      planWith({
        type: "aws_cloudwatch_log_group",
        before: { retention_in_days: hostile },
        after: { retention_in_days: 1 },
      }),
    ],
    ["a stack", { ...planFixture("changed-policy"), name: hostile }],
  ])("keeps %s inside code", (_, review) => {
    const outsideCode = reviewComment([review], { title: "Plan" })
      .replace(/^(`{3,})diff\n[\s\S]*?^\1$/gm, "")
      .replace(/(?<!`)(`+)(?!`)(?:.(?!(?<!`)\1(?!`)))*.?\1(?!`)/g, "")
      .replace(/<code>[^<]*<\/code>/g, "");

    expect(outsideCode).not.toMatch(/Approved|script>|@everyone|evil/);
  });
});

describe("reviewComment on what no plan above shows", () => {
  const commentWith = (fields: object, change: object) => {
    const resource = {
      address: "aws_s3_bucket.it",
      type: "aws_s3_bucket",
      ...fields,
      change: { actions: ["no-op"], ...change },
    };
    const plan = parsePlan({ format_version: "1.2", configuration: {}, resource_changes: [resource] });
    return reviewComment([{ name: "image-pipeline-dev", plan }], { title: "Plan" });
  };

  it.each<[string, object, object, string]>([
    ["a moved resource", { previous_address: "aws_s3_bucket.was" }, {}, "# moved from aws_s3_bucket.was"],
    ["an imported resource", {}, { importing: { id: "pictures" } }, "# imported: it exists already"],
    [
      "a forgotten resource",
      {},
      { actions: ["forget"] },
      "- `aws_s3_bucket.it` is no longer managed, and stays as it is",
    ],
    ["data that is read during apply", {}, { actions: ["read"] }, "# aws_s3_bucket.it is read during apply"],
    [
      "why a resource goes",
      { action_reason: "delete_because_count_index" },
      { actions: ["delete"] },
      "# delete_because_count_index",
    ],
  ])("tells %s, and does not call it no change", (_, fields, change, text) => {
    const comment = commentWith(fields, change);

    expect(comment).toContain(text);
    expect(comment).not.toContain("no change");
  });

  it.each([
    ["aws_cloudwatch_metric_alarm", "threshold", 1, 100],
    ["aws_cloudwatch_metric_alarm", "alarm_actions", ["arn:aws:sns:eu-west-1:1:a"], []],
    ["aws_sns_topic_subscription", "endpoint", "one@example.com", "other@example.com"],
    ["aws_cloudwatch_log_metric_filter", "pattern", "{ $.a = 1 }", "{ $.a = 2 }"],
  ])("shows under Alarms that %s has another %s", (type, attribute, before, after) => {
    const review = planWith({ type, before: { [attribute]: before }, after: { [attribute]: after } });
    const findings = reviewComment([review], { title: "Plan" }).split("<details>")[0];
    expect(findings).toContain("### Alarms\n");
    expect(findings).toContain(`\`${attribute}`);
  });

  it("does not show under Alarms that there is one more", () => {
    const review = planWith({ type: "aws_cloudwatch_metric_alarm", actions: ["create"], after: { threshold: 1 } });
    expect(reviewComment([review], { title: "Plan" })).not.toContain("### Alarms");
  });

  it.each<readonly [group: string, type: string, attribute: string, before: unknown, after: unknown]>([
    ["Public access", "aws_cloudfront_distribution", "aliases", [], ["pictures.example.com"]],
    ["Public access", "aws_cloudfront_distribution", "web_acl_id", "arn:aws:wafv2:us-east-1:1:global/webacl/a", ""],
    [
      "Public access",
      "aws_cloudfront_distribution",
      "origin",
      [{ origin_access_control_id: "E1" }],
      [{ origin_access_control_id: "" }],
    ],
    [
      "Encryption",
      "aws_cloudfront_distribution",
      "default_cache_behavior",
      [{ viewer_protocol_policy: "redirect-to-https" }],
      [{ viewer_protocol_policy: "allow-all" }],
    ],
    [
      "Encryption",
      "aws_cloudfront_distribution",
      "viewer_certificate",
      [{ minimum_protocol_version: "TLSv1.2_2021" }],
      [{ minimum_protocol_version: "TLSv1" }],
    ],
    ["Public access", "aws_cloudfront_origin_access_control", "signing_behavior", "always", "never"],
    [
      "Public access",
      "aws_cloudfront_response_headers_policy",
      "cors_config",
      [{ access_control_allow_origins: [{ items: ["https://shop.example"] }] }],
      [{ access_control_allow_origins: [{ items: ["*"] }] }],
    ],
  ])("shows under %s that %s has another %s", (group, type, attribute, before, after) => {
    const review = planWith({ type, before: { [attribute]: before }, after: { [attribute]: after } });
    const findings = reviewComment([review], { title: "Plan" }).split("<details>")[0];
    expect(findings).toContain(`### ${group}\n`);
    expect(findings).toContain(`\`${attribute}`);
  });

  it("says what goes with a distribution", () => {
    const review = planWith({ type: "aws_cloudfront_distribution", actions: ["delete"], before: { id: "E1" } });
    expect(reviewComment([review], { title: "Plan" })).toContain("pages have to be told the new one");
  });

  it("says what goes with a topic", () => {
    const review = planWith({ type: "aws_sns_topic", actions: ["delete"], before: { name: "alarms" } });
    expect(reviewComment([review], { title: "Plan" })).toContain("every address has to be confirmed again");
  });

  it("tells when only outputs change", () => {
    const output = { actions: ["update"], before: "a", after: "b" };
    const plan = parsePlan({ format_version: "1.2", configuration: {}, output_changes: { api_url: output } });

    const comment = reviewComment([{ name: "image-pipeline-dev", plan }], { title: "Plan" });

    expect(comment).toContain("| 0 | 0 | 0 | 0 | only outputs |");
    expect(comment).toContain('-   api_url = "a"\n+   api_url = "b"');
  });

  it("names a stack that could not be planned", () => {
    expect(reviewComment([{ name: "image-pipeline-dev", plan: undefined }], { title: "Plan" })).toContain(
      "| `image-pipeline-dev` | | | | | ❌ **could not be planned** |",
    );
  });

  it.each<[string, string, object, string]>([
    [
      "a function opened to a service",
      "aws_lambda_permission",
      { principal: "s3.amazonaws.com", action: "lambda:InvokeFunction", function_name: "f", source_arn: "arn:x" },
      "**added** in `aws_lambda_permission.it` (`f`): allows `s3.amazonaws.com` to `lambda:InvokeFunction` on `f` if `aws:SourceArn` `ArnLike` `arn:x`",
    ],
    [
      "a managed policy attached",
      "aws_iam_role_policy_attachment",
      { role: "r", policy_arn: "arn:aws:iam::aws:policy/AdministratorAccess" },
      "⚠️ **added** in `aws_iam_role_policy_attachment.it` (`r`): allows `role r` to `everything in arn:aws:iam::aws:policy/AdministratorAccess`",
    ],
  ])("tells %s, which is no policy document, as a sentence", (_, type, after, sentence) => {
    expect(reviewComment([planWith({ type, actions: ["create"], after })], { title: "Plan" })).toContain(sentence);
  });
});
