import { CommandError } from "@image-pipeline/command";
import { isRecord } from "@image-pipeline/plan-review";
import { Octokit } from "@octokit/core";

/** GitHub answered something else than it should have. */
export class GithubError extends CommandError {
  override readonly name = "GithubError";
}

// The most that GitHub gives: https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api
const PAGE = 100;
const TIMEOUT_MS = 30_000;

const LONGEST_ANSWER = 300;

/** What GitHub answered, or why it did not. */
function reasonOf(error: unknown): string {
  if (isRecord(error) && isRecord(error.response)) {
    return `GitHub answered ${error.status} ${JSON.stringify(error.response.data).slice(0, LONGEST_ANSWER)}`;
  }
  return `GitHub was not reached: ${error instanceof Error ? error.message : String(error)}`;
}

/** The few calls to GitHub's REST API that the workflows need, for the repository that they run in. */
export class Github {
  readonly #octokit: Octokit;

  constructor(
    apiUrl: string,
    readonly repository: string,
    token: string,
  ) {
    this.#octokit = new Octokit({ baseUrl: apiUrl });
    this.#octokit.hook.before("request", ({ headers, request }) => {
      headers.authorization = `Bearer ${token}`;
      headers["x-github-api-version"] = "2022-11-28";
      request.signal = AbortSignal.timeout(TIMEOUT_MS);
    });
  }

  /** The client of a workflow's job, from the variables that GitHub sets and GITHUB_TOKEN. */
  static fromEnvironment({ GITHUB_API_URL, GITHUB_REPOSITORY, GITHUB_TOKEN }: NodeJS.ProcessEnv): Github {
    if (!GITHUB_API_URL || !GITHUB_REPOSITORY || !GITHUB_TOKEN) {
      throw new CommandError(
        "expected GITHUB_API_URL, GITHUB_REPOSITORY and GITHUB_TOKEN, as in a job of GitHub Actions",
      );
    }
    return new Github(GITHUB_API_URL, GITHUB_REPOSITORY, GITHUB_TOKEN);
  }

  /** Calls `/repos/<owner>/<name><path>`. @throws GithubError when it does not succeed */
  async call(method: "GET" | "POST" | "PATCH", path: string, body: object = {}): Promise<unknown> {
    try {
      const { data } = await this.#octokit.request({ ...body, method, url: `/repos/${this.repository}${path}` });
      // What comes without a content type is left as text.
      return typeof data === "string" ? JSON.parse(data) : data;
    } catch (error) {
      throw new GithubError(`${method} ${path}: expected success but ${reasonOf(error)}`, { cause: error });
    }
  }

  /** All items of a list that GitHub gives in pages. */
  async list(path: string): Promise<readonly unknown[]> {
    const items: unknown[] = [];
    for (let page = 1; ; page += 1) {
      const separator = path.includes("?") ? "&" : "?";
      const found = await this.call("GET", `${path}${separator}per_page=${PAGE}&page=${page}`);
      if (!Array.isArray(found)) throw new GithubError(`GET ${path}: expected a list`);
      items.push(...found);
      if (found.length < PAGE) return items;
    }
  }
}
