import { useState } from "preact/hooks";
import type { Rendition, StackInfo, StoredObject, StoredPicture } from "../wire";
import { CopiedText } from "./copied-text";
import { readCommand } from "./curl";
import { bytesText, lastPart, shareText } from "./format";
import { bytesHref } from "./server-api";

/** The original and what was made of it, side by side. */
export function Pictures({ stack, source, renditions }: PicturesProps) {
  return (
    <div class="pictures">
      {source !== undefined && <Picture stack={stack} name="original" object={source} said={source} />}
      {renditions.map((rendition) => (
        <Picture
          key={rendition.name}
          stack={stack}
          name={rendition.name}
          said={rendition}
          object={rendition.object}
          {...(source && { originalBytes: source.bytes })}
        />
      ))}
    </div>
  );
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
}

function Picture({ stack, name, object, said, originalBytes }: PictureProps) {
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
          <>
            <dt key={name}>{name}</dt>
            <dd>{value}</dd>
          </>
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
