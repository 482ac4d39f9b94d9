import { isJsonObject, type JsonObject } from "../json";
import { UnsupportedError } from "../unsupported-error";
import { Block } from "./block";
import { type Lookup, resolveReferences } from "./references";
import { EMULATED, type Place, WITHOUT_LOCAL_MEANING } from "./resource-types";

// They say how many of a resource there are, or who makes it, whatever its type:
// https://developer.hashicorp.com/terraform/language/meta-arguments
const META_ARGUMENTS = ["connection", "count", "for_each", "provider", "provisioner"];

/** All resources of a stack by type and name, and what their references stand for. */
export class Resources {
  readonly #byAddress = new Map<string, JsonObject>();
  readonly #resolved = new Map<string, JsonObject>();
  readonly #resolving = new Set<string>();

  /**
   * @param data what the stack looks up and does not make; its addresses begin with `data.`, as in Terraform
   * @throws UnsupportedError for a resource type the runner knows nothing of
   */
  constructor(
    json: JsonObject,
    data: JsonObject,
    private readonly place: Place,
  ) {
    const lookedUp = Object.entries(data).map(([type, sources]) => [`data.${type}`, sources] as const);
    for (const [type, resources] of [...Object.entries(json), ...lookedUp]) {
      if (!isJsonObject(resources)) throw new UnsupportedError(type, "expected resources by name");
      for (const [name, resource] of Object.entries(resources)) {
        const address = `${type}.${name}`;
        if (!(type in EMULATED || type in WITHOUT_LOCAL_MEANING)) {
          throw new UnsupportedError(address, "the local runner does not know this resource type");
        }
        if (!isJsonObject(resource)) throw new UnsupportedError(address, "expected one block");
        const meta = META_ARGUMENTS.find((name) => name in resource);
        if (meta !== undefined)
          throw new UnsupportedError(address, `the local runner does not understand the argument "${meta}"`);
        const region = resource.region ?? place.region;
        if (region !== place.region)
          throw new UnsupportedError(
            address,
            `expected the region of the provider, ${place.region}, but received ${region}`,
          );
        this.#byAddress.set(address, resource);
      }
    }
    for (const [address, { depends_on: order }] of this.#byAddress) {
      const missing = Array.isArray(order) ? order.find((other) => !this.#byAddress.has(String(other))) : undefined;
      if (missing !== undefined)
        throw new UnsupportedError(address, `depends on ${missing}, which is not in the stack`);
    }
  }

  /** The resources of a type, references resolved, for reading argument by argument. */
  ofType(type: keyof typeof EMULATED): readonly Block[] {
    return [...this.#byAddress.keys()]
      .filter((address) => address.startsWith(`${type}.`))
      .map((address) => this.#block(address));
  }

  /** What a reference such as `aws_s3_bucket.original.arn` stands for. */
  readonly lookup: Lookup = (reference, usedBy) => {
    const [, type = "", name = "", attribute = ""] = /^(.*)\.([^.]+)\.([^.]+)$/.exec(reference) ?? [];
    const address = `${type}.${name}`;
    if (!this.#byAddress.has(address))
      throw new UnsupportedError(usedBy, `refers to ${address}, which is not in the stack`);
    const computed = { ...EMULATED[type], ...WITHOUT_LOCAL_MEANING[type] }[attribute];
    if (computed !== undefined) return computed(this.#block(address), this.place);
    const argument = this.#resolve(address)[attribute];
    if (typeof argument === "string" || typeof argument === "number") return argument;
    throw new UnsupportedError(
      usedBy,
      `refers to ${reference}, and the local runner does not know the attribute "${attribute}"`,
    );
  };

  #block(address: string): Block {
    const block = new Block(address, this.#resolve(address));
    // Order of creation, lifecycle and labels matter to Terraform and to the bill, not to a request; the region was
    // compared when the stack was read. "//" is a comment.
    block.withoutLocalMeaning("//", "depends_on", "lifecycle", "tags", "region");
    return block;
  }

  #resolve(address: string): JsonObject {
    const known = this.#resolved.get(address);
    if (known !== undefined) return known;
    if (this.#resolving.has(address)) throw new UnsupportedError(address, "refers to itself through other resources");
    this.#resolving.add(address);
    const { depends_on: _order, "//": _comment, ...resource } = this.#byAddress.get(address) ?? {};
    const resolved = resolveReferences(resource, address, this.lookup);
    if (!isJsonObject(resolved)) throw new UnsupportedError(address, "expected one block");
    this.#resolving.delete(address);
    this.#resolved.set(address, resolved);
    return resolved;
  }
}
