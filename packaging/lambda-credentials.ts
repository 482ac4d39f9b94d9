interface LambdaCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/**
 * Takes the place of the SDK's chain of credential providers in the function bundle. Lambda always hands over the
 * credentials of the function's role in these variables
 * (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html); the chain behind them (profiles, SSO,
 * web identity, instance metadata, each with a client of its own) would be a quarter of the bundle, never used.
 */
export function defaultProvider(): () => Promise<LambdaCredentials> {
  return async () => {
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
    if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) {
      throw new Error(
        "Expected AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, as Lambda sets them, but they are not set",
      );
    }
    return {
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
    };
  };
}
