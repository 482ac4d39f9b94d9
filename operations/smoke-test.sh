#!/usr/bin/env bash
# Takes a picture through a running pipeline as its users do, the same way on a laptop and on AWS.
# Nothing but bash and curl: whoever can reach the API can run it. curl signs the requests itself (--aws-sigv4,
# tried with 7.88), and the few fields read from JSON are flat strings, which sed takes out safely: neither jq nor Python is needed.
set -euo pipefail
# Character classes, string lengths and printf mean bytes below, whatever the user's language is.
export LC_ALL=C

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

usage() {
  cat <<'USAGE'
Takes a picture through a running image pipeline and says PASS or FAIL for each step.

  npm run smoke                                          against `npm start` in another shell
  npm run smoke -- --image photo.jpg                     with a picture of your own
  npm run smoke -- --outputs outputs.json --stack image-pipeline-dev
                                                         against AWS: the file of `cdktf deploy --outputs-file outputs.json`

  --image FILE     the picture to resize (JPEG, PNG, GIF, WebP or AVIF); default: a small one that comes with the script
  --outputs FILE   outputs of the stacks; default: .local/outputs.json, which `npm start` writes
  --stack NAME     which stack, when the file holds several
  --timeout SEC    how long an execution, or a new distribution, may take, default 60
  --token TOKEN    what an API with JWT authorization asks for; whoever can list your processes sees it while this runs
  --help           this text

Credentials come from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and, for temporary ones, AWS_SESSION_TOKEN; they need
s3:PutObject and s3:DeleteObject on the original bucket, s3:GetObject and s3:DeleteObject on the resized bucket, what the keys
of KMS ask that these are under, and states:DescribeExecution; where the API asks IAM (output api_auth), execute-api:Invoke as well. Locally they are read from the aws.env that `npm start` writes beside its outputs.

To a bucket of originals that was there before the pipeline nothing is written: its owner puts a picture there once, as
smoke-test/picture.jpg (operations/smoke-test.jpg, or the one that --image names).

Exit status: 0 all passed, 1 something failed, 2 could not start.
USAGE
}

# Something is missing before the first check: say what, and how to mend it.
stop() {
  printf 'smoke-test: %s\n' "$*" >&2
  exit 2
}

# --- What to test ------------------------------------------------------------------------------------------------

image=$here/smoke-test.jpg
outputs=.local/outputs.json
stack=
timeout_seconds=60
token=
while (($#)); do
  case $1 in
    --help) usage && exit 0 ;;
    --image | --outputs | --stack | --timeout | --token)
      [[ -n ${2:-} ]] || stop "$1 needs a value; see --help"
      case $1 in
        --image) image=$2 ;;
        --outputs) outputs=$2 ;;
        --stack) stack=$2 ;;
        --timeout) timeout_seconds=$2 ;;
        --token) token=$2 ;;
      esac
      shift 2
      ;;
    *) stop "unknown argument $1; see --help" ;;
  esac
done
[[ $timeout_seconds =~ ^[1-9][0-9]*$ ]] || stop "--timeout: expected whole seconds but received $timeout_seconds"
[[ -r $image ]] || stop "--image: cannot read $image"
[[ -r $outputs ]] || stop "no outputs at $outputs; run \`npm start\` in another shell first, or give --outputs the file of \`cdktf deploy --outputs-file\`"
[[ $(curl --help all 2>/dev/null) == *--aws-sigv4* ]] || stop "needs a curl that knows --aws-sigv4"

# One line per stack, "name": {"output": "value", ... : the values of the pipeline's outputs hold no brace.
stacks=$(tr -d '\r\n' <"$outputs" | sed -e 's/^[[:space:]]*{//' | tr '}' '\n' | sed -n 's/^[[:space:],]*"\([^"]*\)"[[:space:]]*:[[:space:]]*{/\1 /p')
if [[ -z $stack ]]; then
  [[ -n $stacks ]] || stop "$outputs holds no stack; expected {\"image-pipeline-dev\": {\"api_url\": ...}}"
  [[ $(wc -l <<<"$stacks") -eq 1 ]] || stop "$outputs holds several stacks; choose one with --stack: $(cut -d' ' -f1 <<<"$stacks" | tr '\n' ' ')"
  stack=${stacks%% *}
fi
stack_outputs=$(grep -F "$stack " <<<"$stacks" | grep "^$stack " || true)
[[ -n $stack_outputs ]] || stop "$outputs has no stack $stack; it holds: $(cut -d' ' -f1 <<<"$stacks" | tr '\n' ' ')"

# The string FIELD of the JSON on standard input. The character before the field tells it from the same word inside an
# escaped string, as in DescribeExecution's "input" and "output", where the quote has a backslash in front.
json_string() {
  tr -d '\r\n' | sed -nE 's/^(.*[{,[:space:]])?"'"$1"'"[[:space:]]*:[[:space:]]*"(([^"\\]|\\.)*)".*$/\2/p' \
    | sed -E 's/\\(["\\/])/\1/g'
}

output() {
  local value
  value=$(json_string "$1" <<<" $stack_outputs")
  [[ -n $value ]] || stop "$stack has no output $1 in $outputs"
  printf '%s' "$value"
}
api_url=$(output api_url)
api_url=${api_url%/}
original_bucket=$(output original_bucket_name)
resized_bucket=$(output resized_bucket_name)
state_machine_arn=$(output state_machine_arn)
# Only a pipeline says so that has not made the bucket.
existing=$(json_string original_bucket_existing <<<" $stack_outputs")
region=$(output region)
environment=${stack#image-pipeline-}
api_auth=$(output api_auth)
# Of a stack that delivers its renditions.
delivery_url=$(json_string delivery_url <<<" $stack_outputs")
# Of a delivery with a name of its own, which DNS points to the distribution only after the first deployment: it is asked at
# the distribution, and has to show the certificate of its own name all the same.
delivery_domain_name=$(json_string delivery_domain_name <<<" $stack_outputs")
[[ $api_auth != jwt || -n $token ]] || stop "the API of $stack asks for a token; give it with --token"

# --- Where and as whom --------------------------------------------------------------------------------------------

local_credentials=$(dirname "$outputs")/aws.env
if [[ -z ${AWS_ENDPOINT_URL:-} && -r $local_credentials ]]; then
  unset AWS_SESSION_TOKEN
  while IFS='=' read -r name value; do
    case $name in AWS_ENDPOINT_URL | AWS_ACCESS_KEY_ID | AWS_SECRET_ACCESS_KEY | AWS_SESSION_TOKEN) export "$name=$value" ;; esac
  done <"$local_credentials"
fi
s3_url=${AWS_ENDPOINT_URL:-https://s3.$region.amazonaws.com}
s3_url=${s3_url%/}
states_url=${AWS_ENDPOINT_URL:-https://states.$region.amazonaws.com}
states_url=${states_url%/}
if [[ -z ${AWS_ACCESS_KEY_ID:-} || -z ${AWS_SECRET_ACCESS_KEY:-} ]]; then
  stop 'no AWS credentials in the environment. With the AWS CLI configured:
  eval "$(aws configure export-credentials --format env)"'
fi

work=$(mktemp -d)
# curl reads the secret from a file of the user's own: arguments can be seen by everyone on the machine.
(
  umask 077
  {
    printf 'user = "%s:%s"\n' "$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY"
    if [[ -n ${AWS_SESSION_TOKEN:-} ]]; then printf 'header = "x-amz-security-token: %s"\n' "$AWS_SESSION_TOKEN"; fi
  } >"$work/credentials"
  printf 'header = "authorization: Bearer %s"\n' "$token" >"$work/token"
)

# --- Requests: each prints the HTTP status (000 when nothing answered) and leaves the body in $work/body -------------

request() { curl --silent --show-error --connect-timeout 10 --max-time 60 --output "$work/body" --write-out '%{http_code}' "$@" 2>"$work/error" || true; }

# api METHOD PATH [curl arguments]: a request of the HTTP API, as its routes ask for it.
api() {
  local method=$1 path=$2 auth=()
  shift 2
  case $api_auth in
    iam) auth=(--config "$work/credentials" --aws-sigv4 "aws:amz:$region:execute-api") ;;
    jwt) auth=(--config "$work/token") ;;
  esac
  request ${auth[@]+"${auth[@]}"} --request "$method" "$@" "$api_url$path"
}

# Percent-encodes an object key, slashes excepted, as Signature Version 4 wants the path.
url_path() {
  local byte
  for byte in $(printf '%s' "$1" | od -An -v -tx1); do
    case $byte in
      2[def] | 3[0-9] | 4[1-9a-f] | 5[0-9af] | 6[1-9a-f] | 7[0-9ae]) printf "\\x$byte" ;; # - . / 0-9 A-Z _ a-z ~
      *) printf '%%%s' "$(tr a-f A-F <<<"$byte")" ;;
    esac
  done
}

# s3 METHOD BUCKET KEY [curl arguments]. The bucket goes into the path, which a name with dots and the local endpoint need.
# curl does not hash an upload while it streams it, so the payload is declared unsigned, which S3 accepts; TLS protects it.
s3() {
  local method=$1 path
  path=/$2/$(url_path "$3")
  shift 3
  request --config "$work/credentials" --aws-sigv4 "aws:amz:$region:s3" --header 'x-amz-content-sha256: UNSIGNED-PAYLOAD' \
    --request "$method" "$@" "$s3_url$path"
}

describe_execution() {
  request --config "$work/credentials" --aws-sigv4 "aws:amz:$region:states" --header 'content-type: application/x-amz-json-1.0' \
    --header 'x-amz-target: AWSStepFunctions.DescribeExecution' --data "{\"executionArn\":\"$1\"}" "$states_url/"
}

# What came instead of the expected answer, short enough for a line.
answer() {
  if [[ $1 == 000 ]]; then cat "$work/error"; else printf '%s %s' "$1" "$(head -c 300 "$work/body" 2>/dev/null | tr -s '\r\n' ' ')"; fi
}

# --- Checks -------------------------------------------------------------------------------------------------------

passed=0
failed=0
pass() {
  passed=$((passed + 1))
  printf 'PASS  %-18s %s\n' "$1" "$2"
}
fail() {
  failed=$((failed + 1))
  printf 'FAIL  %-18s %s\n' "$1" "$2"
}

# A run's keys are its own, in a folder, with a space and a letter beyond ASCII: what a user's keys look like.
run=$(date -u +%Y%m%dT%H%M%SZ)-$$-$RANDOM
folder=smoke-test/$run
source_size=$(bash "$here/picture-size.sh" "$image") || stop "--image: expected a JPEG, PNG, GIF, WebP or AVIF but received $image"
read -r format width height <<<"$source_size"
longest=$((width > height ? width : height))
# The renditions `thumbnail` and `thumb`: inside 256 x 256, never enlarged, in the format of the source.
expected_longest=$((longest < 256 ? longest : 256))
name="été 1.$format"
if [[ -n $existing ]]; then
  folder=smoke-test
  name=picture.jpg
fi

# Removes what the run made. In versioned buckets, which the pipeline's are, that leaves a delete marker on top and the
# content as a non-current version, which the bucket's lifecycle rule expires; permanent deletion would ask for more rights
# than a smoke test should hold. With resizeOnUpload the upload itself also makes a thumbnail-<name>, at a time of its own:
# the original goes first, so that an execution that starts later finds nothing, and what one under way still writes is
# looked for once more. Only an execution held up for longer than that between reading and writing can leave its thumbnail.
LATE_THUMBNAIL_SECONDS=2
uploaded=
clean_up() {
  local left=
  [[ -n $uploaded ]] || return 0
  [[ -n $existing ]] || remove "$original_bucket" "$folder/$name"
  remove "$resized_bucket" "$folder/thumbnail-$name"
  remove "$resized_bucket" "$folder/thumb-$name"
  sleep "$LATE_THUMBNAIL_SECONDS"
  if [[ $(s3 GET "$resized_bucket" "$folder/thumbnail-$name") == 200 && -z $left ]]; then
    remove "$resized_bucket" "$folder/thumbnail-$name"
  fi
  uploaded=
  if [[ -z $left ]]; then pass "clean up" "the run's objects are removed"; else fail "clean up" "could not remove $left"; fi
}

# remove BUCKET KEY: adds what it could not remove to $left.
remove() {
  local status
  status=$(s3 DELETE "$1" "$2")
  [[ $status == 20[04] ]] || left+="${left:+, }s3://$1/$2 ($(answer "$status"))"
}
trap 'clean_up >/dev/null; rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# In the first minute of a pipeline IAM may still deny what its roles allow already, so until one start has gone through, a
# denied one is tried again. https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
settled_at=$((SECONDS + 30))

# start_execution LABEL PATH BODY [METHOD]: leaves the execution's ARN in $execution, or fails the check.
start_execution() {
  local status
  while true; do
    status=$(api "${4:-POST}" "$2" --header 'content-type: application/json' --data "$3")
    [[ $status == 40[03] ]] && grep -qE 'AccessDenied|Forbidden' "$work/body" && ((SECONDS < settled_at)) || break
    sleep 2
  done
  if [[ $status == 200 ]]; then settled_at=0; fi
  execution=$(json_string executionArn <"$work/body" 2>/dev/null || true)
  if [[ $status != 200 || -z $execution ]] || ! grep -q '"startDate"' "$work/body"; then
    fail "$1" "expected 200 with executionArn and startDate but received $(answer "$status")"
    return 1
  fi
  if [[ $execution != "${state_machine_arn/:stateMachine:/:execution:}":* ]]; then
    fail "$1" "expected an execution of $state_machine_arn but received $execution"
    return 1
  fi
}

# wait_for_end LABEL EXECUTION: polls until it has ended; leaves its status in $ended, its error and cause in $error and $cause.
wait_for_end() {
  local status deadline=$((SECONDS + timeout_seconds))
  while true; do
    status=$(describe_execution "$2")
    if [[ $status != 200 ]]; then
      fail "$1" "DescribeExecution: expected 200 but received $(answer "$status")"
      return 1
    fi
    ended=$(json_string status <"$work/body")
    [[ $ended == RUNNING || $ended == PENDING_REDRIVE ]] || break
    if ((SECONDS >= deadline)); then
      fail "$1" "$2 has not ended after $timeout_seconds s"
      return 1
    fi
    sleep 0.2
  done
  error=$(json_string error <"$work/body")
  cause=$(json_string cause <"$work/body")
}

# A form on a route makes the rendition it promises: expect_rendition LABEL PATH BODY KEY [METHOD]
expect_rendition() {
  local status size actual_format actual_width actual_height
  start_execution "$1" "$2" "$3" "${5:-POST}" && wait_for_end "$1" "$execution" || return 0
  if [[ $ended != SUCCEEDED ]]; then
    fail "$1" "expected SUCCEEDED but received $ended${error:+: $error: $cause}"
    return
  fi
  status=$(s3 GET "$resized_bucket" "$4")
  if [[ $status != 200 ]]; then
    fail "$1" "s3://$resized_bucket/$4: expected 200 but received $(answer "$status")"
    return
  fi
  size=$(bash "$here/picture-size.sh" "$work/body" || echo "not a picture")
  # Taken away at once, so that the next form cannot pass on what this one left.
  s3 DELETE "$resized_bucket" "$4" >/dev/null
  read -r actual_format actual_width actual_height <<<"$size"
  if [[ $actual_format != "$format" ]] || ((actual_width < 1 || actual_height < 1)) \
    || (((actual_width > actual_height ? actual_width : actual_height) != expected_longest)); then
    fail "$1" "s3://$resized_bucket/$4: expected a $format with a longest side of $expected_longest but received $size"
    return
  fi
  pass "$1" "s3://$resized_bucket/$4 is a $actual_format of $actual_width x $actual_height"
}

# What a browser sees of a rendition, and of one that is not there. A form makes it once more; Terraform has waited for a
# new distribution, but its name may take some seconds more until it is known here.
expect_delivery() {
  local at=()
  [[ -z $delivery_domain_name ]] || at=(--connect-to "::$delivery_domain_name:")
  local label=delivery key=$folder/thumb-$name url status type deadline=$((SECONDS + timeout_seconds))
  url=$delivery_url/$(url_path "$key")
  start_execution "$label" /process "{\"key\":\"$folder/$name\"}" && wait_for_end "$label" "$execution" || return 0
  if [[ $ended != SUCCEEDED || $(s3 GET "$resized_bucket" "$key") != 200 ]]; then
    fail "$label" "expected s3://$resized_bucket/$key but found none"
    return
  fi
  mv "$work/body" "$work/rendition"
  while true; do
    status=$(request ${at[@]+"${at[@]}"} --dump-header "$work/headers" "$url")
    [[ $status != 200 ]] && ((SECONDS < deadline)) || break
    sleep 2
  done
  type=$(tr -d '\r' <"$work/headers" | tr A-Z a-z | sed -n 's/^content-type: //p')
  if [[ $status != 200 ]]; then
    fail "$label" "$url: expected 200 but received $(answer "$status")"
  elif ! cmp -s "$work/body" "$work/rendition"; then
    fail "$label" "$url: expected the bytes of s3://$resized_bucket/$key but received others"
  elif [[ $type != "image/$format" ]]; then
    fail "$label" "$url: expected image/$format but received ${type:-no content type}"
  elif ! grep -qi '^x-content-type-options: nosniff' "$work/headers"; then
    fail "$label" "$url: expected x-content-type-options: nosniff but received none"
  else
    pass "$label" "$url"
  fi
  s3 DELETE "$resized_bucket" "$key" >/dev/null

  url=$delivery_url/$(url_path "$folder/missing.$format")
  status=$(request ${at[@]+"${at[@]}"} "$url")
  if [[ $status == 404 ]]; then pass "missing picture" "404"; else fail "missing picture" "$url: expected 404 but received $(answer "$status")"; fi
}

# --- The run ------------------------------------------------------------------------------------------------------

echo "$stack at $api_url, $image ($format, $width x $height)"

uploaded=yes
if [[ -n $existing ]]; then
  status=200
else
  status=$(s3 PUT "$original_bucket" "$folder/$name" --upload-file "$image" --header "content-type: image/$format")
fi
if [[ $status == 200 ]]; then
  [[ -n $existing ]] || pass "upload" "s3://$original_bucket/$folder/$name"
  expect_rendition "POST /resized" /resized \
    "{\"bucket\":\"$original_bucket\",\"fileName\":\"$folder/$name\",\"resizedBucket\":\"$resized_bucket\"}" "$folder/thumbnail-$name"
  expect_rendition "POST /process" /process "{\"key\":\"$folder/$name\"}" "$folder/thumb-$name"
  expect_rendition "POST /$environment/process" "/$environment/process" "{\"key\":\"$folder/$name\"}" "$folder/thumb-$name"
  expect_rendition "PUT /executions" "/executions/smoke-test-$run" "{\"key\":\"$folder/$name\"}" "$folder/thumb-$name" PUT
  if [[ -n $delivery_url ]]; then expect_delivery; fi
else
  fail "upload" "s3://$original_bucket/$folder/$name: expected 200 but received $(answer "$status")"
fi

label="missing object"
if start_execution "$label" /process "{\"key\":\"$folder/missing.$format\"}" && wait_for_end "$label" "$execution"; then
  if [[ $ended == FAILED && -n $error ]]; then
    pass "$label" "FAILED with $error: $cause"
  else
    fail "$label" "expected FAILED with an error but received $ended${error:+ $error}"
  fi
fi

if [[ $api_auth != none ]]; then
  status=$(request --request POST --header 'content-type: application/json' --data '{}' "$api_url/process")
  if [[ $status == 40[13] ]]; then pass "anonymous call" "refused with $status"; else fail "anonymous call" "expected 401 or 403 but received $(answer "$status")"; fi
fi

clean_up
if ((failed)); then
  echo "$failed of $((passed + failed)) checks failed"
  if [[ -n $existing ]]; then echo "the picture has to be there, put once by the owner of the bucket: aws s3 cp $image s3://$original_bucket/$folder/$name"; fi
  exit 1
fi
echo "all $passed checks passed"
