import { createServer } from "node:http";

/** One request that the stub got. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly token: string;
  readonly body: Record<string, unknown>;
}

/** A GitHub that answers GET requests by path without query, and takes everything else. */
export async function startGithub(answers: Readonly<Record<string, unknown>>) {
  const calls: Call[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { pathname, searchParams } = new URL(request.url ?? "", "http://127.0.0.1");
    const text = Buffer.concat(chunks).toString();
    calls.push({
      method: request.method ?? "",
      path: request.url ?? "",
      token: request.headers.authorization ?? "",
      body: text === "" ? {} : JSON.parse(text),
    });
    const answer = request.method === "GET" ? answers[pathname] : {};
    const size = Number(searchParams.get("per_page") ?? 30);
    const from = (Number(searchParams.get("page") ?? 1) - 1) * size;
    response.writeHead(answer === undefined ? 404 : 200, { "content-type": "application/json; charset=utf-8" });
    response.end(
      JSON.stringify(Array.isArray(answer) ? answer.slice(from, from + size) : (answer ?? { message: "Not Found" })),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("expected a TCP port");
  return {
    calls,
    /** The variables that a job of GitHub Actions has. */
    environment: {
      GITHUB_API_URL: `http://127.0.0.1:${address.port}`,
      GITHUB_REPOSITORY: "owner/name",
      GITHUB_TOKEN: "token-of-the-job",
    },
    written: () =>
      calls.filter(({ method }) => method !== "GET").map(({ method, path, body }) => ({ method, path, body })),
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
