const SECRET_NAME =
  /(^|[^a-z])(password|passwd|passphrase|secret|token|credentials?|(private|access|api|signing)_?key)$/i;

// An AWS access key, a private key in PEM, a GitHub token: https://github.blog/2021-04-05-behind-githubs-new-authentication-token-formats/
const SECRET_VALUE =
  /\b(AKIA|ASIA)[A-Z0-9]{16}\b|-----BEGIN [A-Z ]*PRIVATE KEY|\b(gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{22,})/;

/** A value that nobody marked as sensitive and that still has no business in a comment, by its name or by its look. */
export function looksSecret(name: string, value: unknown): boolean {
  return (
    typeof value === "string" &&
    (SECRET_NAME.test(name.replace(/([a-z0-9])([A-Z])/g, "$1_$2")) || SECRET_VALUE.test(value))
  );
}
