import { describeFault, InvalidEnvironment, loadProject } from "../../environments";
import { type Environment, environmentFaults } from "../../environments/environment";
import { aBootstrap, anAccount } from "../support/a-bootstrap";
import { anEnvironment } from "../support/an-environment";

const messages = (fields: Record<string, unknown>): string[] =>
  environmentFaults({ ...anEnvironment(), ...fields }, "test").map(describeFault);

const renditions = anEnvironment().renditions;
const KEY = "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef";

const CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012";

describe("an environment", () => {
  it("has no faults when every field is within its limits", () => {
    expect(messages({})).toEqual([]);
  });

  it.each([
    [
      "a stage name that hides a route",
      { name: "resized" },
      'test.name: expected a name that is not a route of the API (resized, process, executions) but received "resized"',
    ],
    [
      "a name with a capital",
      { name: "Dev" },
      'test.name: expected 1 to 16 lower-case letters, digits and hyphens, a letter first but received "Dev"',
    ],
    [
      "an account id as a number",
      { accountId: 123456789012 },
      "test.accountId: expected an AWS account id, a string of 12 digits but received 123456789012",
    ],
    [
      "an account id that is too short",
      { accountId: "12345" },
      'test.accountId: expected an AWS account id, a string of 12 digits but received "12345"',
    ],
    [
      "a retention CloudWatch does not have",
      { logRetentionDays: 15 },
      "test.logRetentionDays: expected one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653 but received 15",
    ],
    [
      "too little memory",
      { functionMemoryMb: 511 },
      "test.functionMemoryMb: expected a whole number from 512 to 10240 but received 511",
    ],
    [
      "too much memory",
      { functionMemoryMb: 10_241 },
      "test.functionMemoryMb: expected a whole number from 512 to 10240 but received 10241",
    ],
    [
      "memory in words",
      { functionMemoryMb: "512" },
      'test.functionMemoryMb: expected a whole number from 512 to 10240 but received "512"',
    ],
    [
      "a timeout past Lambda's",
      { functionTimeoutSeconds: 901 },
      "test.functionTimeoutSeconds: expected a whole number from 1 to 900 but received 901",
    ],
    [
      "a reserved concurrency of zero",
      { reservedConcurrency: 0 },
      'test.reservedConcurrency: expected a whole number from 1 to 1000, or "none" but received 0',
    ],
    [
      "a backfill of more at once than a Map runs",
      { backfill: { maxConcurrency: 10_001 } },
      "test.backfill.maxConcurrency: expected a whole number from 1 to 10000 but received 10001",
    ],
    [
      "a backfill that takes all reserved sandboxes",
      { backfill: { maxConcurrency: 5 }, reservedConcurrency: 5 },
      "test.backfill.maxConcurrency: expected less than the reservedConcurrency of 5, because uploads need sandboxes while a backfill runs but received 5",
    ],
    [
      "a function that takes too long for a backfill",
      { backfill: { maxConcurrency: 5 }, functionTimeoutSeconds: 61 },
      "test.functionTimeoutSeconds: expected at most 60 with a backfill, because its executions end after five minutes but received 61",
    ],
    ["a backfill in words", { backfill: "on" }, 'test.backfill: expected an object, or "none" but received "on"'],
    [
      "deletions without uploads",
      { deleteRenditions: true, resizeOnUpload: false },
      "test.deleteRenditions: expected false without resizeOnUpload, because nothing would bring the renditions back with their original but received true",
    ],
    [
      "a flag in words",
      { deletionProtection: "yes" },
      'test.deletionProtection: expected true or false but received "yes"',
    ],
    [
      "an API that is open to the world, of what is protected",
      { apiAuth: "none", deletionProtection: true },
      'test.apiAuth: expected "iam", or an issuer and an audience, because deletionProtection is on: anyone who learns the address of an open API starts executions that cost money but received "none"',
    ],
    [
      "an authorization of another name",
      { apiAuth: "AWS_IAM" },
      'test.apiAuth: expected "none", "iam", or an issuer and an audience but received "AWS_IAM"',
    ],
    [
      "tokens of an issuer without TLS",
      { apiAuth: { issuer: "http://issuer.example", audience: ["a"] } },
      'test.apiAuth.issuer: expected an https:// URL, or one of http://127.0.0.1 for a local run but received "http://issuer.example"',
    ],
    [
      "tokens for nobody",
      { apiAuth: { issuer: "https://issuer.example", audience: [] } },
      "test.apiAuth.audience: expected a list of at least one but received []",
    ],
    [
      "a throttle of zero, which refuses everyone",
      { apiThrottle: { rateLimit: 0, burstLimit: 1 } },
      "test.apiThrottle.rateLimit: expected a whole number from 1 to 10000 but received 0",
    ],
    [
      "an origin with a path",
      { cors: { allowOrigins: ["https://a.example/b"], allowHeaders: ["*"], maxAgeSeconds: 0 } },
      'test.cors.allowOrigins[0]: expected an origin such as "https://example.com", or "*" but received "https://a.example/b"',
    ],
    [
      "a delivery of another name",
      { delivery: "cloudfront" },
      'test.delivery: expected an object, or "none" but received "cloudfront"',
    ],
    [
      "a name of its own without HTTPS",
      { delivery: { domainName: "pictures.example.com" } },
      "test.delivery.certificateArn: expected a certificate of the domainName but received nothing",
    ],
    [
      "a certificate for no name",
      { delivery: { certificateArn: CERTIFICATE } },
      "test.delivery.domainName: expected the name that the certificate is for but received nothing",
    ],
    [
      "a certificate where CloudFront looks for none",
      {
        delivery: { domainName: "pictures.example.com", certificateArn: CERTIFICATE.replace("us-east-1", "eu-west-1") },
      },
      `test.delivery.certificateArn: expected the ARN of a certificate of ACM in us-east-1 but received "${CERTIFICATE.replace("us-east-1", "eu-west-1")}"`,
    ],
    [
      "a certificate of another account",
      { delivery: { domainName: "pictures.example.com", certificateArn: CERTIFICATE }, accountId: "999999999999" },
      `test.delivery.certificateArn: expected a certificate of account 999999999999, for CloudFront takes no other account's but received "${CERTIFICATE}"`,
    ],
    [
      "an address for a name",
      { delivery: { domainName: "https://pictures.example.com/", certificateArn: CERTIFICATE } },
      'test.delivery.domainName: expected a domain name such as pictures.example.com but received "https://pictures.example.com/"',
    ],
    [
      "an origin of pictures with a path",
      { delivery: { cors: { allowOrigins: ["https://a.example/b"] } } },
      'test.delivery.cors.allowOrigins[0]: expected an origin such as "https://example.com" or "https://*.example.com", or "*" but received "https://a.example/b"',
    ],
    [
      "a header value with a line break",
      { cacheControl: "a\nb" },
      'test.cacheControl: expected a header value of 1 to 256 printable ASCII characters but received "a\\nb"',
    ],
    [
      "a lifetime that forbids to look again",
      { cacheControl: "public, max-age=60, Immutable" },
      'test.cacheControl: expected no immutable, because a key is written again when its source changes but received "public, max-age=60, Immutable"',
    ],
    [
      "a tag key that AWS keeps for itself",
      { tags: { "aws:x": "y" } },
      'test.tags (name): expected 1 to 128 letters, digits, spaces or _.:/=+-@, not starting with aws: but received "aws:x"',
    ],
    [
      "a bucket that is there and is not",
      { originalBucket: { name: "old", existing: false } },
      "test.originalBucket.existing: expected true, or the name alone for a bucket that the stack is to make but received false",
    ],
    [
      "a bucket that is there, of a name that none has",
      { originalBucket: { name: "Old", existing: true } },
      'test.originalBucket.name: expected a bucket name with only lower-case letters, digits, hyphens and periods (S3 allows no underscore, capital or space) but received "Old"',
    ],
    [
      "no bucket at all",
      { originalBucket: 7 },
      "test.originalBucket: expected the name of an S3 bucket to make, or { name, existing: true } for one that is there already but received 7",
    ],
    [
      "a key by its alias",
      { encryption: { kmsKeyArn: "arn:aws:kms:eu-west-1:123456789012:alias/pictures" } },
      'test.encryption.kmsKeyArn: expected the ARN of a KMS key, not of an alias but received "arn:aws:kms:eu-west-1:123456789012:alias/pictures"',
    ],
    [
      "a key of another region",
      { encryption: { kmsKeyArn: KEY.replace("eu-west-1", "us-east-1") } },
      `test.encryption.kmsKeyArn: expected a key of eu-west-1 but received "${KEY.replace("eu-west-1", "us-east-1")}"`,
    ],
    [
      "a key of another region, of the bucket that is there",
      { originalBucket: { name: "old", existing: true, kmsKeyArn: KEY.replace("eu-west-1", "us-east-1") } },
      `test.originalBucket.kmsKeyArn: expected a key of eu-west-1 but received "${KEY.replace("eu-west-1", "us-east-1")}"`,
    ],
    [
      "another encryption",
      { encryption: "aws:kms" },
      'test.encryption: expected "sse-s3", or the key of KMS to use but received "aws:kms"',
    ],
    [
      "uploads of no key at all",
      { uploads: { prefixes: [] } },
      "test.uploads.prefixes: expected a list of 1 to 20 but received []",
    ],
    [
      "more suffixes than fit into an event pattern",
      { uploads: { suffixes: Array(21).fill(".a") } },
      `test.uploads.suffixes: expected a list of 1 to 20 but received ${JSON.stringify(Array(21).fill(".a"))}`,
    ],
    ...["", "*.d/", "a\\", 'a"', "${a}", "x".repeat(65)].map((prefix): [string, Record<string, unknown>, string] => [
      `the prefix ${JSON.stringify(prefix)}`,
      { uploads: { prefixes: [prefix] } },
      `test.uploads.prefixes[0]: expected the beginning of a key, such as photos/: 1 to 64 letters, digits, spaces or /!_.'()+=@,- but received ${JSON.stringify(prefix)}`,
    ]),
    ...["", "*.jpg", "/", "a/b.jpg", ".jp\u212a", "x".repeat(17)].map(
      (suffix): [string, Record<string, unknown>, string] => [
        `the suffix ${JSON.stringify(suffix)}`,
        { uploads: { suffixes: [suffix] } },
        `test.uploads.suffixes[0]: expected the end of a key, such as .jpg: 1 to 16 letters, digits, periods, underscores or hyphens but received ${JSON.stringify(suffix)}`,
      ],
    ),
    [
      "both ends of a key",
      { uploads: { prefixes: ["a/"], suffixes: [".jpg"] } },
      'test.uploads.suffixes: expected nothing beside prefixes, because an event pattern asks for one end of a key or the other but received [".jpg"]',
    ],
    [
      "pages that upload to a bucket that is there already",
      {
        originalBucket: { name: "old", existing: true },
        uploads: { cors: { allowOrigins: ["*"], allowHeaders: ["*"], maxAgeSeconds: 1 } },
      },
      'test.uploads.cors: expected nothing, because the bucket of the originals is there already, and its owner says which pages may use it but received {"allowOrigins":["*"],"allowHeaders":["*"],"maxAgeSeconds":1}',
    ],
    ["no renditions at all", { renditions: 3 }, "test.renditions: expected an object but received 3"],
    [
      "a rendition wider than the limit",
      { renditions: { ...renditions, wide: { width: 5000, height: 1, fit: "inside", format: "source" } } },
      "test.renditions.wide.width: expected a whole number from 1 to 4096 but received 5000",
    ],
    [
      "a rendition whose name could leave its folder",
      { renditions: { ...renditions, "../x": renditions.thumb } },
      'test.renditions (name): expected a name of 1 to 32 lower-case letters, digits and hyphens but received "../x"',
    ],
    [
      "two renditions that could share a key",
      { renditions: { ...renditions, "thumb-large": renditions.thumb } },
      'test.renditions (name): expected no name that is thumb with a hyphen and more, for two renditions could share a key but received "thumb-large"',
    ],
    [
      "an unknown fit",
      { renditions: { ...renditions, thumb: { width: 1, height: 1, fit: "fill", format: "source" } } },
      'test.renditions.thumb.fit: expected one of inside, cover but received "fill"',
    ],
    [
      "a misspelt field of a rendition",
      { renditions: { ...renditions, thumb: { ...renditions.thumb, qualtiy: 3 } } },
      "test.renditions.thumb.qualtiy: expected no field of this name (known: width, height, fit, format, quality, position, background, animated, enlarge) but received 3",
    ],
    [
      "no rendition for the explicit form",
      { renditions: { thumb: renditions.thumb } },
      "test.renditions.thumbnail: expected a rendition, the default of a request form but received nothing",
    ],
    [
      "a missing field",
      { cacheControl: undefined },
      "test.cacheControl: expected a header value of 1 to 256 printable ASCII characters but received nothing",
    ],
  ])("refuses %s", (_what, fields, message) => {
    expect(messages(fields)).toEqual([message]);
  });

  it("reports all faults at once: what is wrong, what is missing and what is unknown, however deep", () => {
    const { region: _region, ...without } = anEnvironment({ noncurrentVersionDays: 1.5 });
    const { width: _width, ...thumb } = { ...renditions.thumb, height: 0 };
    const value = {
      ...without,
      cors: { allowOrigins: [], extra: 1 },
      renditions: { thumb, "thumb-x": thumb },
      one: 1,
      two: 2,
    };
    expect(environmentFaults(value, "test").map(({ path }) => path)).toEqual([
      "test.region",
      "test.noncurrentVersionDays",
      "test.cors.allowOrigins",
      "test.cors.allowHeaders",
      "test.cors.maxAgeSeconds",
      "test.cors.extra",
      "test.renditions.thumb.width",
      "test.renditions.thumb.height",
      "test.renditions.thumb-x.width",
      "test.renditions.thumb-x.height",
      "test.renditions.thumbnail",
      "test.renditions (name)",
      "test.one",
      "test.two",
    ]);
    expect(environmentFaults({}, "test")).toHaveLength(Object.keys(anEnvironment()).length);
  });

  it.each([
    {},
    { domainName: "pictures.example.com", certificateArn: CERTIFICATE },
    { cors: { allowOrigins: ["*"] } },
    { cors: { allowOrigins: ["https://example.com", "http://localhost:8080", "https://*.example.com"] } },
  ])("may deliver its renditions: %j", (delivery) => {
    expect(messages({ delivery })).toEqual([]);
  });

  it("refuses a region that is not one of AWS's", () => {
    expect(messages({ region: "eu-middle-1" })).toEqual([
      expect.stringMatching(/^test\.region: expected one of .*eu-central-1.* but received "eu-middle-1"$/),
    ]);
  });

  it("refuses more presets than fit into a function's environment variables", () => {
    const many = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`r${i}`, renditions.thumb]));
    expect(messages({ renditions: { ...renditions, ...many } })).toEqual([
      expect.stringMatching(/^test\.renditions: expected at most 3072 bytes as JSON but received \d+$/),
    ]);
  });

  it("refuses a field it does not know", () => {
    expect(messages({ logRetentionDay: 7 })).toEqual([
      expect.stringMatching(/^test\.logRetentionDay: expected no field of this name/),
    ]);
  });
});

describe("a bucket name", () => {
  it.each(["abc", "a.b-c.9", "a".repeat(63), "1.2.3.4.5"])("may be %s", (originalBucket) => {
    expect(messages({ originalBucket })).toEqual([]);
  });

  it.each([
    [
      "resized_images-demo2",
      "only lower-case letters, digits, hyphens and periods (S3 allows no underscore, capital or space)",
    ],
    ["Images", "only lower-case letters, digits, hyphens and periods (S3 allows no underscore, capital or space)"],
    ["ab", "3 to 63 characters"],
    ["a".repeat(64), "3 to 63 characters"],
    ["-images", "a letter or digit first and last"],
    ["images.", "a letter or digit first and last"],
    ["a..b", "no two periods side by side"],
    ["192.168.5.4", "no IP address"],
    ["xn--images", 'no "xn--" in front, S3 keeps it for itself'],
    ["sthree-images", 'no "sthree-" in front, S3 keeps it for itself'],
    ["amzn-s3-demo-images", 'no "amzn-s3-demo-" in front, S3 keeps it for itself'],
    ["images-s3alias", 'no "-s3alias" at the end, S3 keeps it for itself'],
    ["images--ol-s3", 'no "--ol-s3" at the end, S3 keeps it for itself'],
    ["images.mrap", 'no ".mrap" at the end, S3 keeps it for itself'],
    ["images--x-s3", 'no "--x-s3" at the end, S3 keeps it for itself'],
    ["images--table-s3", 'no "--table-s3" at the end, S3 keeps it for itself'],
    ["images-an", 'no "-an" at the end, S3 keeps it for itself'],
  ])("may not be %s", (resizedBucketName, reason) => {
    expect(messages({ resizedBucketName })).toEqual([
      `test.resizedBucketName: expected a bucket name with ${reason} but received "${resizedBucketName}"`,
    ]);
  });
});

describe("the list of environments", () => {
  const load = (environments: readonly Environment[]) => loadProject({ environments, bootstrap: aBootstrap() });

  it("is valid as committed", () => {
    expect(() => loadProject()).not.toThrow();
  });

  it("reports every fault of every environment at once", () => {
    const broken = [
      anEnvironment({ name: "one", logRetentionDays: 15, functionMemoryMb: 1 }),
      anEnvironment({ name: "two", accountId: "7", originalBucket: "two_a", resizedBucketName: "two-b" }),
    ];
    expect(() => load(broken)).toThrow(InvalidEnvironment);
    expect(() => load(broken)).toThrow(
      /4 fault\(s\).*one\.functionMemoryMb.*one\.logRetentionDays.*two\.accountId.*two\.originalBucket/s,
    );
  });

  it("refuses one bucket for both originals and renditions, which would resize its own thumbnails forever", () => {
    const same = anEnvironment({ resizedBucketName: "test-original" });
    expect(() => load([same])).toThrow(
      'test.resizedBucketName: expected a bucket name other than test.originalBucket\'s but received "test-original"',
    );
  });

  it("refuses a bucket that another environment has", () => {
    const other = anEnvironment({
      name: "other",
      originalBucket: "other-original",
      resizedBucketName: "test-original",
    });
    expect(() => load([anEnvironment(), other])).toThrow(
      "other.resizedBucketName: expected a bucket name other than test.originalBucket's",
    );
  });

  it("refuses two deliveries of one name, which CloudFront gives to the first", () => {
    const delivery = { domainName: "pictures.example.com", certificateArn: CERTIFICATE };
    const twin = anEnvironment({
      name: "twin",
      originalBucket: "twin-a",
      resizedBucketName: "twin-b",
      delivery,
    });
    expect(() => load([anEnvironment({ delivery }), twin])).toThrow(
      'twin.delivery.domainName: expected a domain name other than test.delivery.domainName\'s but received "pictures.example.com"',
    );
  });

  it("lets several environments read the originals that are there already, and write renditions nowhere near", () => {
    const there = { name: "test-original", existing: true } as const;
    const reader = anEnvironment({ name: "reader", originalBucket: there, resizedBucketName: "reader-resized" });
    const another = anEnvironment({ name: "another", originalBucket: there, resizedBucketName: "another-resized" });
    expect(() => load([anEnvironment(), reader, another])).not.toThrow();
    expect(() => load([anEnvironment({ originalBucket: there, resizedBucketName: "test-original" })])).toThrow(
      "test.resizedBucketName: expected a bucket name other than test.originalBucket's",
    );
    const ofState = aBootstrap({ accounts: [anAccount({ stateBucketName: "test-original" })] });
    expect(() => loadProject({ environments: [reader], bootstrap: ofState })).toThrow(
      "bootstrap.accounts[0].stateBucketName: expected a bucket name other than reader.originalBucket's",
    );
  });

  it.each([
    ["a bucket that is there", { originalBucket: { name: "old", existing: true } }],
    ["its key", { originalBucket: { name: "old", existing: true, kmsKeyArn: KEY } }],
    ["a key", { encryption: { kmsKeyArn: KEY } }],
    ["a key of many regions", { encryption: { kmsKeyArn: KEY.replace(/[^/]*$/, `mrk-${"0a".repeat(16)}`) } }],
    ["prefixes that overlap", { uploads: { prefixes: ["a/", "a/b/", "Anna's (1)/"] } }],
    ["a suffix without a period", { uploads: { suffixes: ["jpg", "-full.tar.gz"] } }],
  ])("may have %s", (_what, fields) => {
    expect(messages(fields)).toEqual([]);
  });

  it("refuses two environments of one name", () => {
    const twin = anEnvironment({ originalBucket: "twin-a", resizedBucketName: "twin-b" });
    expect(() => load([anEnvironment(), twin])).toThrow(
      "environments[1].name: expected an environment name other than test.name's",
    );
  });
});
