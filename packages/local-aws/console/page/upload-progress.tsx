import type { Uploads } from "./use-uploads";

/** How far the uploads are, and which failed. */
export function UploadProgress({ uploads }: { readonly uploads: Uploads }) {
  const { sent, total, failures } = uploads;
  return (
    <>
      {total > 0 && (
        <p class="progress">
          <progress max={total} value={sent} aria-label="Files sent" />
          <span class="quiet">{sent === total ? `${total - failures.length} uploaded` : `${sent} of ${total}`}</span>
        </p>
      )}
      {failures.map(({ key, message }, index) => (
        // Two of them may have the same key.
        <p class="failure" key={index}>
          {key}: {message}
        </p>
      ))}
    </>
  );
}

/** The same aloud, wherever on the page somebody is: the end of it, and each failure. */
export function SpokenUploads({ uploads }: { readonly uploads: Uploads }) {
  const { sent, total, failures } = uploads;
  return (
    <>
      <p class="unseen" role="status">
        {total > 0 &&
          sent === total &&
          failures.length < total &&
          `Upload ended, ${total - failures.length} of ${total}`}
      </p>
      <div class="unseen" role="alert" aria-atomic="false">
        {failures.map(({ key, message }, index) => (
          <p key={index}>
            Upload of {key} failed: {message}
          </p>
        ))}
      </div>
    </>
  );
}
