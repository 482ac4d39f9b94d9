import { CommandError } from "@image-pipeline/command";

/** GitHub answered something else than it should have. */
export class GithubError extends CommandError {
  override readonly name = "GithubError";
}

/** The few calls to GitHub's REST API that the workflows need, for the repository that they run in. */
export class Github {
  constructor(
    private readonly apiUrl: string,
    readonly repository: string,
    private readonly token: string,
  ) {}

  /** The client of a workflow's job, from the variables that GitHub sets and GITHUB_TOKEN. */
  static fromEnvironment({ GITHUB_API_URL, GITHUB_REPOSITORY, GITHUB_TOKEN }: NodeJS.ProcessEnv): Github {
    if (!GITHUB_API_URL || !GITHUB_REPOSITORY || !GITHUB_TOKEN) {
      throw new CommandError(
        "expected GITHUB_API_URL, GITHUB_REPOSITORY and GITHUB_TOKEN, as in a job of GitHub Actions",
      );
    }
    return new Github(GITHUB_API_URL, GITHUB_REPOSITORY, GITHUB_TOKEN);
  }

  /** Calls `/repos/<owner>/<name><path>`. */
  async call(method: "GET" | "POST" | "PATCH", path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${this.apiUrl}/repos/${this.repository}${path}`, {
      method,
      headers: {
        accept: "application/vnd.github+json",
        authorization: `Bearer ${this.token}`,
        "x-github-api-version": "2022-11-28",
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
    const text = await response.text();
    if (!response.ok)
      throw new GithubError(
        `${method} ${path}: expected success but GitHub answered ${response.status} ${text.slice(0, 300)}`,
      );
    return JSON.parse(text);
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

// The most that GitHub gives: https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api
const PAGE = 100;
