import { OPERATOR_CREDENTIALS } from "../../iam/credentials";

export const HOST = "examplebucket.s3.amazonaws.com";
const MINUTE = 60_000;
export const { accessKeyId: KEY } = OPERATOR_CREDENTIALS;

export type Headers = Readonly<Record<string, string>>;

const isoDate = (time: number) => new Date(time).toISOString().replace(/[-:]|\.\d+/g, "");
export const dateIn = (minutes: number) => isoDate(Date.now() + minutes * MINUTE);
export const httpDateIn = (minutes: number) => new Date(Date.now() + minutes * MINUTE).toUTCString();
export const scopeOf = (day: string, region = "us-east-1", service = "s3") =>
  `${day}/${region}/${service}/aws4_request`;
export const credential = (scope = scopeOf(dateIn(0).slice(0, 8)), key: string = KEY) => `${key}/${scope}`;

/** A request with a wrong signature by its header. */
export const byHeader = (more: Headers = {}, credentialOf = credential(), signedHeaders = "host;x-amz-date") => ({
  method: "GET",
  url: "/b/k",
  headers: {
    host: HOST,
    "x-amz-date": dateIn(0),
    authorization: `AWS4-HMAC-SHA256 Credential=${credentialOf},SignedHeaders=${signedHeaders},Signature=0`,
    ...more,
  },
});

/** One with a wrong signature in its query. */
export const byQuery = (more: Readonly<Record<string, string | undefined>> = {}, headers: Headers = {}) => {
  const parameters = {
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": credential(),
    "X-Amz-Date": dateIn(0),
    "X-Amz-Expires": "60",
    "X-Amz-SignedHeaders": "host",
    "X-Amz-Signature": "0",
    ...more,
  };
  const query = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  );
  return { method: "PUT", url: `/b/k?${query.join("&")}`, headers: { host: HOST, ...headers } };
};

export const presignedIn = (minutes: number, expires: string) => {
  const date = dateIn(minutes);
  return byQuery({
    "X-Amz-Credential": credential(scopeOf(date.slice(0, 8))),
    "X-Amz-Date": date,
    "X-Amz-Expires": expires,
  });
};

/** One by its header that does not say when it was signed. */
export function withoutDate(more: Headers = {}) {
  const { "x-amz-date": _date, ...headers } = byHeader().headers;
  return { method: "GET", url: "/b/k", headers: { ...headers, ...more } };
}
