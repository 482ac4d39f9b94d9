import { isRecord } from "@image-pipeline/plan-review";

/** A comment or an issue. */
export interface Post {
  readonly id: number;
  /** Of an issue; 0 for a comment. */
  readonly number: number;
}

/**
 * The newest of these posts that a workflow made with this marker. Only a bot's count: anybody can write the marker.
 */
export function ownPost(posts: readonly unknown[], marker: string): Post | undefined {
  const own = posts.findLast(
    (post) =>
      isRecord(post) &&
      typeof post.body === "string" &&
      post.body.includes(marker) &&
      isRecord(post.user) &&
      post.user.type === "Bot" &&
      !("pull_request" in post),
  );
  if (!isRecord(own) || typeof own.id !== "number") return undefined;
  return { id: own.id, number: typeof own.number === "number" ? own.number : 0 };
}
