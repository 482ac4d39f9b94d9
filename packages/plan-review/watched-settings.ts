import { type AttributeChange, attributeChanges } from "./attributes";
import type { ResourceChange, TerraformPlan } from "./terraform-plan";

/** A group of settings that a reviewer wants to see without opening the details. */
export const WATCHED = [
  "Public access",
  "Encryption",
  "Throttling and concurrency",
  "Retention and recovery",
  "Trust",
  "Alarms",
] as const;
export type Watched = (typeof WATCHED)[number];

/** The settings of one resource that change in one group. */
export interface WatchedChange {
  readonly group: Watched;
  readonly resource: ResourceChange;
  readonly settings: readonly AttributeChange[];
}

// Names of AWS's own settings, of `<type>.<attribute path>`; by name and not by type, so that a resource that joins the
// stack tomorrow is watched as well.
const RULES: readonly (readonly [Watched, RegExp])[] = [
  [
    "Retention and recovery",
    /versioning|force_destroy|prevent_destroy|retention|expiration|noncurrent|deletion_protection|deletion_window|skip_destroy|recovery_window|object_lock/,
  ],
  [
    "Public access",
    /public|\.acl$|_acl\.|cors_|website|authorization_type|authorizer|object_ownership|aws_lambda_function_url\.|ingress|cidr|disable_execute_api_endpoint|origin_access_control_id|signing_behavior|trusted_(key_groups|signers)|allowed_methods|geo_restriction|aws_cloudfront_distribution\.(aliases|default_root_object|enabled|web_acl_id)/,
  ],
  [
    "Encryption",
    /encrypt|kms|_sse_|\.sse|tls|certificate|security_policy|viewer_protocol_policy|strict_transport_security/,
  ],
  ["Throttling and concurrency", /throttl|rate_limit|burst_limit|concurren|quota/],
  [
    "Trust",
    /permissions_boundary|managed_policy_arns|aws_iam_openid_connect_provider\.(url|client_id_list|thumbprint_list)/,
  ],
  [
    "Alarms",
    /aws_cloudwatch_metric_alarm\.(?!alarm_description|alarm_name)|aws_sns_topic_subscription\.(endpoint|filter_policy)|aws_cloudwatch_log_metric_filter\.pattern/,
  ],
];

// Which thing a resource belongs to, not how it is set.
const IDENTITY = /^(id|arn|name|bucket|url|region|queue_url|expected_bucket_owner|tags(_all)?\..*)$/;

/** Settings that change, by group; of a new resource those that it starts with. */
export function watchedChanges({ resources }: TerraformPlan): readonly WatchedChange[] {
  return resources.filter(isSet).flatMap((resource) => {
    const changes = attributeChanges(resource.before, resource.after).filter(({ path }) => !IDENTITY.test(path));
    return WATCHED.flatMap((group) => {
      const settings = changes.filter(
        ({ path }) => groupOf(`${resource.type}.${path}`) === group && isNews(group, path, resource),
      );
      return settings.length > 0 ? [{ group, resource, settings }] : [];
    });
  });
}

const isSet = ({ action }: ResourceChange): boolean =>
  action === "create" || action === "update" || action === "replace";

/** A new resource's defaults are no news, except where the default is to be open to everyone. */
function isNews(group: Watched, path: string, { action, configured }: ResourceChange): boolean {
  if (action !== "create" || group === "Public access") return true;
  // An alarm more takes nothing from anybody.
  return group !== "Alarms" && configured.includes(path.replace(/[.[].*/, ""));
}

const groupOf = (path: string): Watched | undefined => RULES.find(([, names]) => names.test(path))?.[0];
