import type { PolicyDocument } from "@image-pipeline/iam-policy";
import type { EventPattern } from "../event-rules/event-pattern";
import type { InputTransformer } from "../event-rules/input-transformer";
import type { JsonObject } from "../json";
import type { HttpApiResource } from "./http-api-resource";
import type { Role } from "./role";

/** An S3 bucket with its policy. */
export interface Bucket {
  readonly address: string;
  readonly name: string;
  readonly arn: string;
  readonly policy?: PolicyDocument;
  /** Undefined where versions were never kept. */
  readonly versioning: "Enabled" | "Suspended" | undefined;
  /** Which pages of other origins may use it from a browser. */
  readonly cors: readonly CorsRule[];
  /** Whether S3 tells EventBridge about new and deleted objects. */
  readonly sendsEvents: boolean;
  /** Of what is written without a word about it. */
  readonly encryption: BucketEncryption;
}

/** How a bucket encrypts. https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-encryption.html */
export interface BucketEncryption {
  readonly algorithm: "AES256" | "aws:kms";
  /** Without one the key that KMS keeps for S3, which nobody needs a permission for. */
  readonly keyArn?: string;
  /** Whether S3 asks KMS for a key of the bucket's own instead of one for each object. */
  readonly bucketKey: boolean;
}

/** A rule of a bucket's CORS configuration: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ManageCorsUsing.html */
export interface CorsRule {
  /** Each with one `*` at most. */
  readonly allowedOrigins: readonly string[];
  readonly allowedMethods: readonly string[];
  readonly allowedHeaders: readonly string[];
  readonly exposeHeaders: readonly string[];
  readonly maxAgeSeconds: number | undefined;
}

/** A Lambda function with the files it is made of. */
export interface FunctionResource {
  readonly address: string;
  readonly name: string;
  readonly arn: string;
  readonly role: Role;
  readonly runtime: string;
  readonly handler: string;
  /** Absolute path of the function's zip. */
  readonly zipPath: string;
  /** In the order they are unpacked: a later one wins. */
  readonly layers: readonly LayerResource[];
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly reservedConcurrency?: number;
  readonly logGroup: string;
  readonly logFormat: "JSON" | "Text";
  readonly traced: boolean;
}

/** A Lambda layer version. */
export interface LayerResource {
  readonly address: string;
  readonly arn: string;
  readonly zipPath: string;
}

/** A Step Functions state machine. */
export interface StateMachineResource {
  readonly address: string;
  readonly name: string;
  readonly arn: string;
  readonly role: Role;
  readonly definition: JsonObject;
  readonly logged: boolean;
  /** Whether AWS writes inputs and outputs into the log. */
  readonly logsData: boolean;
  readonly traced: boolean;
}

/** An EventBridge rule that starts executions. */
export interface EventRule {
  readonly address: string;
  readonly name: string;
  readonly arn: string;
  readonly pattern: EventPattern;
  readonly targets: readonly EventTarget[];
}

/** What a rule starts, or sends events to. */
export interface EventTarget {
  readonly address: string;
  /** Of a state machine, a queue or a topic. */
  readonly arn: string;
  /** Undefined for a queue and a topic, whose own policy lets EventBridge write to it. */
  readonly role: Role | undefined;
  /** What the target receives instead of the whole event. */
  readonly transform?: InputTransformer;
  readonly deadLetterQueueArn?: string;
}

/** An SQS queue: the place where undelivered events go. */
export interface Queue {
  readonly address: string;
  readonly name: string;
  readonly arn: string;
  readonly policy?: PolicyDocument;
}

/** An SNS topic. */
export interface Topic {
  readonly address: string;
  readonly name: string;
  readonly arn: string;
  readonly policy?: PolicyDocument;
  readonly subscriptions: readonly TopicSubscription[];
}

/** Who receives what is published: of protocol `sqs` a queue of the stack, by its ARN. */
export interface TopicSubscription {
  readonly address: string;
  readonly protocol: string;
  readonly endpoint: string;
  /** The message as it is, without SNS's envelope. */
  readonly raw: boolean;
}

/** A CloudFront distribution of one bucket. */
export interface Distribution {
  readonly address: string;
  readonly arn: string;
  /** The name that CloudFront gives it, and its own. */
  readonly hosts: readonly string[];
  readonly bucketName: string;
  /** GET, or GET and HEAD. */
  readonly methods: readonly string[];
  readonly headers: ResponseHeadersPolicy;
  readonly errors: readonly CustomErrorResponse[];
}

/** What a distribution says beside what S3 does. */
export interface ResponseHeadersPolicy {
  readonly always: Readonly<Record<string, string>>;
  readonly cors:
    | {
        /** Each `*`, or an origin that may have `*` in front of its domain. */
        readonly allowOrigins: readonly string[];
        readonly exposeHeaders: readonly string[];
        readonly allowCredentials: boolean;
      }
    | undefined;
}

/** What is said in the place of an error. */
export interface CustomErrorResponse {
  readonly errorCode: number;
  readonly page?: { readonly status: number; readonly path: string };
}

/** An object that is in a bucket from the start. */
export interface StackObject {
  readonly address: string;
  readonly bucketName: string;
  readonly key: string;
  readonly content: string;
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A synthesized stack, all references resolved. */
export interface StackModel {
  readonly name: string;
  readonly region: string;
  readonly accountId: string;
  readonly buckets: readonly Bucket[];
  readonly functions: readonly FunctionResource[];
  readonly stateMachines: readonly StateMachineResource[];
  readonly apis: readonly HttpApiResource[];
  readonly rules: readonly EventRule[];
  readonly queues: readonly Queue[];
  readonly topics: readonly Topic[];
  readonly objects: readonly StackObject[];
  readonly distributions: readonly Distribution[];
  readonly outputs: JsonObject;
}
