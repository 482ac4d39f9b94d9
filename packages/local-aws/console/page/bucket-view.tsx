import { useState } from "preact/hooks";
import type { StackInfo, StoredObject } from "../wire";
import { bytesText, clockText } from "./format";
import { LongList } from "./long-list";
import { ObjectView } from "./object-view";
import { hrefOf } from "./route";
import { FoundCount, SearchBox } from "./search-box";
import { useChanges } from "./use-live";
import { usePages } from "./use-pages";

const ROW_HEIGHT = 44;

/** What is in the buckets of the stack. */
export function BucketView({ stack, bucket, selected }: BucketViewProps) {
  const [search, setSearch] = useState("");
  const shown = bucket ?? stack.originalBucket ?? stack.buckets[0]?.name ?? "";
  const list = usePages<StoredObject>(`/api/buckets/${encodeURIComponent(shown)}?${new URLSearchParams({ search })}`);
  useChanges(({ objects }) => {
    if (objects.some((object) => object.bucket === shown)) list.refresh();
  });
  return (
    <>
      <div class="side">
        <nav class="bucket-names" aria-label="Buckets">
          {stack.buckets.map(({ name, address }) => (
            <a
              key={name}
              href={hrefOf({ view: "buckets", bucket: name })}
              title={address}
              {...(name === shown && { "aria-current": "true" as const })}
            >
              {name}
            </a>
          ))}
        </nav>
        <section class="list" aria-label={`Objects of ${shown}`}>
          <div class="filters">
            <SearchBox
              label="Search objects by key"
              placeholder="Search by key"
              search={search}
              setSearch={setSearch}
            />
          </div>
          <FoundCount total={list.total} one="object" search={search} />
          <LongList
            list={list}
            label={`Objects of ${shown}`}
            rowHeight={ROW_HEIGHT}
            empty={<p class="quiet">{search === "" ? "Nothing in it yet." : "No key has that in it."}</p>}
            chosen={selected === undefined ? undefined : list.find(({ key }) => key === selected)}
            row={(object, isChosen) => (
              <a
                class="row object"
                href={hrefOf({ view: "buckets", bucket: shown, key: object.key })}
                {...(isChosen && { "aria-current": "true" as const })}
              >
                <span class="row-title">{object.key}</span>
                <span class="row-time">{bytesText(object.bytes)}</span>
                <time class="row-time" dateTime={new Date(object.lastModified).toISOString()}>
                  {clockText(object.lastModified)}
                </time>
              </a>
            )}
          />
        </section>
      </div>
      <div class="main">
        {selected === undefined ? (
          <p class="quiet hint">Choose an object to see it.</p>
        ) : (
          <ObjectView stack={stack} bucket={shown} name={selected} />
        )}
      </div>
    </>
  );
}

export interface BucketViewProps {
  readonly stack: StackInfo;
  readonly bucket: string | undefined;
  readonly selected: string | undefined;
}
