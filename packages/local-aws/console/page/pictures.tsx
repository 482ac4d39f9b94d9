import { type ComponentChildren, Fragment } from "preact";
import { useState } from "preact/hooks";
import type { Rendition, StackInfo, StoredObject, StoredPicture } from "../wire";
import { type ComparedPicture, Comparison } from "./comparison";
import { CopiedText } from "./copied-text";
import { readCommand } from "./curl";
import { bytesText, lastPart, shareText } from "./format";
import { hrefOf } from "./route";
import { bytesHref } from "./server-api";

/** The original and what was made of it, side by side, and one of them over the original where that is asked for. */
export function Pictures({ stack, source, renditions }: PicturesProps) {
  const [chosen, setChosen] = useState<string>();
  const compared = renditions.find(({ name }) => name === chosen);
  const [original, rendition] = [source && sized("original", source), compared && sized(compared.name, compared)];
  return (
    <>
      <div class="pictures">
        {source !== undefined && (
          <Picture key={bytesHref(source)} stack={stack} name="original" object={source} said={source}>
            {stack.presets !== undefined && source.bucket === stack.originalBucket && (
              <a class="plain" href={hrefOf({ view: "workshop", key: source.key })}>
                Try presets
              </a>
            )}
          </Picture>
        )}
        {renditions.map((one) => (
          <Picture
            // What was found out of other bytes is not true of these.
            key={one.object === undefined ? one.name : `${one.name} ${bytesHref(one.object)}`}
            stack={stack}
            name={one.name}
            said={one}
            object={one.object}
            {...(source && { originalBytes: source.bytes })}
          >
            {original !== undefined && sized(one.name, one) !== undefined && (
              <button
                type="button"
                class="plain"
                aria-pressed={one === compared}
                aria-label={`Compare ${one.name}`}
                onClick={() => setChosen(one === compared ? undefined : one.name)}
              >
                Compare
              </button>
            )}
          </Picture>
        ))}
      </div>
      {original !== undefined && rendition !== undefined && (
        <Comparison key={rendition.name} original={original} rendition={rendition} />
      )}
    </>
  );
}

/** A picture that can be compared: its size is known, and it is there. */
function sized(name: string, said: StoredPicture | Rendition): ComparedPicture | undefined {
  const object = "lastModified" in said ? said : said.object;
  const { width, height } = said;
  if (object === undefined || width === undefined || height === undefined) return undefined;
  return { name, href: bytesHref(object), width, height };
}

export interface PicturesProps {
  readonly stack: StackInfo;
  readonly source: StoredPicture | undefined;
  readonly renditions: readonly Rendition[];
}

interface PictureProps {
  readonly stack: StackInfo;
  readonly name: string;
  readonly object: StoredObject | undefined;
  /** What the function has said of it. */
  readonly said?: StoredPicture | Rendition;
  readonly originalBytes?: number;
  /** What can be done with it. */
  readonly children?: ComponentChildren;
}

function Picture({ stack, name, object, said, originalBytes, children }: PictureProps) {
  const [natural, setNatural] = useState<{ readonly width: number; readonly height: number }>();
  const [broken, setBroken] = useState(false);
  const size = said?.width !== undefined && said.height !== undefined ? said : natural;
  const format = said?.format ?? formatOf(object);
  const bytes = object?.bytes ?? said?.bytes;
  const deliveryUrl = said !== undefined && "deliveryUrl" in said ? said.deliveryUrl : undefined;
  return (
    <figure>
      <div class="frame">
        {object === undefined && <p class="quiet">not there any more</p>}
        {object !== undefined && broken && <p class="quiet">this browser cannot show it</p>}
        {object !== undefined && !broken && (
          <a href={bytesHref(object)} target="_blank" rel="noreferrer">
            <img
              src={bytesHref(object)}
              alt={`${name} of ${object.key}`}
              decoding="async"
              class={natural && "shown"}
              onLoad={({ currentTarget }) =>
                setNatural({ width: currentTarget.naturalWidth, height: currentTarget.naturalHeight })
              }
              onError={() => setBroken(true)}
            />
          </a>
        )}
      </div>
      <figcaption>
        <strong>{name}</strong>
        <span class="quiet">{size?.width === undefined ? "" : `${size.width} × ${size.height}`}</span>
        <span class="facts">
          {format !== undefined && <span>{format.toUpperCase()}</span>}
          {bytes !== undefined && <span>{bytesText(bytes)}</span>}
          {bytes !== undefined && originalBytes !== undefined && <span>{shareText(bytes, originalBytes)}</span>}
        </span>
        {object !== undefined && <ObjectFacts stack={stack} object={object} deliveryUrl={deliveryUrl} />}
        {children}
      </figcaption>
    </figure>
  );
}

function formatOf(object: StoredObject | undefined): string | undefined {
  const [, type] = /^image\/([\w+]+)/.exec(object?.contentType ?? "") ?? [];
  return type ?? (object?.key.includes(".") ? lastPart(object.key, ".") : undefined);
}

function ObjectFacts({
  stack,
  object,
  deliveryUrl,
}: {
  readonly stack: StackInfo;
  readonly object: StoredObject;
  readonly deliveryUrl: string | undefined;
}) {
  return (
    <details class="facts-more">
      <summary>{object.key}</summary>
      <dl>
        <dt>bucket</dt>
        <dd>{object.bucket}</dd>
        <dt>bytes</dt>
        <dd>{object.bytes.toLocaleString("en")}</dd>
        <dt>content-type</dt>
        <dd>{object.contentType}</dd>
        {object.cacheControl !== undefined && (
          <>
            <dt>cache-control</dt>
            <dd>{object.cacheControl}</dd>
          </>
        )}
        <dt>etag</dt>
        <dd>{object.etag}</dd>
        {Object.entries(object.metadata).map(([name, value]) => (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </Fragment>
        ))}
        {deliveryUrl !== undefined && (
          <>
            <dt>delivered at</dt>
            <dd>
              <a href={deliveryUrl} rel="noreferrer" target="_blank">
                {deliveryUrl}
              </a>
            </dd>
          </>
        )}
      </dl>
      <CopiedText label={`the command that reads ${object.key}`} text={readCommand(stack, object.bucket, object.key)} />
    </details>
  );
}
