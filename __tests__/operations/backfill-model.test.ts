import { readFileSync } from "node:fs";
import { join } from "node:path";
import { asMarkdown } from "@image-pipeline/command";
import { dev } from "../../environments/dev";
import { prod } from "../../environments/prod";
import { costByPart, MODEL, quotaTable, timeTable } from "../../operations/backfill/model";
import { operatorStatements } from "../../operations/backfill/operator-statements";
import { estimateCost } from "../../operations/estimate-cost";
import { generatedBlock } from "../support/generated-block";

const PAGE = "docs/operations.md";

/** UPDATE_DOCS=1 npx jest backfill-model writes them. */
function compare(name: string, text: string): void {
  expect(generatedBlock(PAGE, name, text)).toBe(text);
}

const dollars = (cell = ""): number => Number(cell.replace(/[$,]/g, ""));

describe("the model of a backfill", () => {
  it("is what docs/operations.md says", () => {
    compare(
      "model of a backfill",
      [timeTable, costByPart, quotaTable]
        .map((table) => `${asMarkdown(table(prod)).replace("###", "####")}\n`)
        .join("\n")
        .trimEnd(),
    );
  });

  it("costs what npm run cost says", () => {
    const sum = costByPart(prod).rows.at(-1) ?? [];
    const reckoned = MODEL.pictures.map((pictures) =>
      estimateCost(prod, { ...MODEL, pictures }).reduce((total, { backfillDollars }) => total + backfillDollars, 0),
    );
    expect(sum.slice(1).map(dollars)).toEqual(reckoned.map((total) => Math.round(total)));
  });

  it("takes as long as its pictures divided by what the sandboxes do in a second", () => {
    const { rows } = timeTable(prod);
    const rates = rows.at(-1)?.slice(1).map(dollars) ?? [];
    // Linear in sandboxes, and a thousand times 1.83 s of 550 ms each.
    expect(rates[1]).toBeCloseTo(10 * (rates[0] ?? 0), -1);
    expect(rates[2]).toBeCloseTo(60 * (rates[0] ?? 0), -2);
    expect(rates[0]).toBeCloseTo(50 / 0.549, 0);
  });

  it("is stopped by nothing with 50 sandboxes, and first by S3's PUT and the account's sandboxes with 3,000", () => {
    const percent = (column: number) =>
      quotaTable(prod).rows.map((row) => [Number.parseInt(row[column] ?? "", 10), row[0]] as const);
    expect(Math.max(...percent(2).map(([taken]) => taken))).toBeLessThan(50);
    expect(Math.max(...percent(3).map(([taken]) => taken))).toBeLessThan(100);
    const over = percent(4)
      .filter(([taken]) => taken > 100)
      .sort(([one], [other]) => other - one)
      .map(([, what]) => what);
    expect(over.slice(0, 2)).toEqual([
      "S3: PUT below one prefix of the renditions",
      "Lambda: sandboxes of the account",
    ]);
  });
});

describe("what npm run backfill needs to be allowed", () => {
  it("is what docs/operations.md says", () => {
    const statements = JSON.stringify(operatorStatements(dev), undefined, 2);
    compare("operator of a backfill", `\`\`\`json\n${statements}\n\`\`\``);
  });

  it("has the key of lists and results where they are under one, by S3 alone", () => {
    const kmsKeyArn = "arn:aws:kms:eu-west-1:123456789012:key/0123abcd-0123-4567-89ab-0123456789ab";
    const [before, after] = [dev, { ...dev, encryption: { kmsKeyArn } }].map(operatorStatements);
    expect(after).toEqual([
      ...(before ?? []),
      {
        Sid: "UseTheKeyOfListsAndResults",
        Effect: "Allow",
        Action: ["kms:Decrypt", "kms:GenerateDataKey"],
        Resource: kmsKeyArn,
        Condition: { StringEquals: { "kms:ViaService": `s3.${dev.region}.amazonaws.com` } },
      },
    ]);
  });

  it("has an action for each command that it sends", () => {
    const folder = join(__dirname, "../../operations/backfill");
    const files = ["backfill-runs.ts", "key-list.ts", "list-bucket.ts", "measure-samples.ts", "results.ts"];
    const sent = files
      .map((file) => readFileSync(join(folder, file), "utf8"))
      .flatMap((text) => [...text.matchAll(/new (\w+)Command\(/g)].map(([, command = ""]) => command));
    const actions = operatorStatements(dev).flatMap(({ Action }) =>
      [Action].flat().map((action) => action.split(":")[1]),
    );
    const action: Readonly<Record<string, string>> = { ListObjectsV2: "ListBucket", Invoke: "InvokeFunction" };
    expect([...new Set(sent.map((command) => action[command] ?? command))].sort()).toEqual(
      [...new Set(actions)].sort(),
    );
  });
});
