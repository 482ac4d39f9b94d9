/** Rows under a head; every row has as many cells as the head. */
export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** For a terminal: columns in line, numbers to the right. */
export function asText(table: Table): string {
  const { title, head, rows } = table;
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => (row[column] ?? "").length)));
  const numbers = head.map((_, column) => holdsNumbers(table, column));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell[numbers[column] ? "padStart" : "padEnd"](widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  return [title, line(head), ...rows.map(line)].join("\n");
}

/** For a README. */
export function asMarkdown(table: Table): string {
  const { title, head, rows } = table;
  const line = (row: readonly string[]) => `| ${row.join(" | ")} |`;
  const rule = head.map((_, column) => (holdsNumbers(table, column) ? "---:" : "---"));
  return [`### ${title}`, "", line(head), line(rule), ...rows.map(line)].join("\n");
}

/** Amounts, whatever their unit; a column of names may begin with digits here and there, and a first one is always names. */
const holdsNumbers = ({ rows }: Table, column: number): boolean =>
  column > 0 && rows.every((row) => /^([$~<>-]?\d.*|-?)$/.test(row[column] ?? ""));
