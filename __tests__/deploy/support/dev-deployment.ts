import { dev } from "../../../environments/dev";
import type { Environment } from "../../../environments/environment";
import { type AwsAccount, startAccount } from "./aws-account";
import { type AwsClients, clientsOf } from "./aws-clients";
import type { AwsRequest } from "./aws-request";
import { Checkout, type Variables } from "./checkout";
import { deniedTo } from "./denied-to";
import { iamQuestions } from "./iam-questions";
import { changesIn } from "./plan";
import { takeRole } from "./take-role";
import { whatIsThere } from "./what-is-there";

const STACK = "image-pipeline-dev";
export const DEPLOY_ROLE = "ImagePipelineDeploy-dev";
export const PLAN_ROLE = "ImagePipelinePlan";

/** dev in an account of its own, planned and deployed again and again by the roles that CI takes. */
export class DevDeployment {
  private constructor(
    readonly account: AwsAccount,
    readonly aws: AwsClients,
    readonly project: Checkout,
  ) {}

  static async start(): Promise<DevDeployment> {
    const account = await startAccount(dev.accountId);
    return new DevDeployment(account, clientsOf(account, dev.region), await Checkout.ofProject());
  }

  async end(): Promise<void> {
    await this.account.stop();
    this.project.remove();
  }

  /** Gives dev other data, and synthesizes. */
  async become(environment: Environment): Promise<void> {
    this.project.setEnvironment(environment);
    await this.project.synth();
  }

  /** Deploys as an administrator, or with a role's credentials. */
  async deploy(stacks: readonly string[], variables?: Variables): Promise<void> {
    await this.project.deploy(this.account, stacks, [], variables);
  }

  /** Deploys with the deploy role; gives what Terraform asked of AWS. */
  async update(): Promise<readonly AwsRequest[]> {
    const role = await takeRole(this.account, DEPLOY_ROLE);
    const before = this.account.requests.length;
    await this.deploy([STACK], role);
    return this.account.requests.slice(before);
  }

  /** Plans with the plan role: the changes, and what Terraform asked of AWS. */
  async plan(): Promise<{ readonly changes: readonly string[]; readonly asked: readonly AwsRequest[] }> {
    const role = await takeRole(this.account, PLAN_ROLE);
    const before = this.account.requests.length;
    const changes = changesIn(await this.project.diff(this.account, STACK, role));
    return { changes, asked: this.account.requests.slice(before) };
  }

  /** The name of everything there is, without what the bootstrap stack has made. */
  async pipeline(): Promise<readonly string[]> {
    const all = await whatIsThere(this.aws);
    return all.filter((name) => !/^policy |ImagePipeline(Plan|Deploy)|tfstate|-state-/.test(name));
  }

  /** What IAM was asked for these requests. */
  questions(requests: readonly AwsRequest[]) {
    return iamQuestions(requests, this.account.accountId);
  }

  /** What a role was not allowed of them. */
  denied(role: string, requests: readonly AwsRequest[]): Promise<readonly string[]> {
    return deniedTo(role, requests, { aws: this.aws, accountId: this.account.accountId });
  }
}
