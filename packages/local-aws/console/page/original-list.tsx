import { useState } from "preact/hooks";
import type { StoredObject } from "../wire";
import { bytesText } from "./format";
import { LongList } from "./long-list";
import { hrefOf } from "./route";
import { FoundCount, SearchBox } from "./search-box";
import { bytesHref } from "./server-api";
import { useChanges } from "./use-live";
import { usePages } from "./use-pages";

const ROW_HEIGHT = 60;
/** Larger ones would be decoded whole for a small square. */
const MAX_SHOWN_BYTES = 4_000_000;

/** The pictures that presets can be tried on. */
export function OriginalList({ bucket }: { readonly bucket: string }) {
  const [search, setSearch] = useState("");
  const list = usePages<StoredObject>(`/api/buckets/${encodeURIComponent(bucket)}?${new URLSearchParams({ search })}`);
  useChanges(({ objects }) => {
    if (objects.some((object) => object.bucket === bucket)) list.refresh();
  });
  return (
    <section class="list" aria-label="Originals">
      <div class="filters">
        <SearchBox label="Search originals by key" placeholder="Search by key" search={search} setSearch={setSearch} />
      </div>
      <FoundCount total={list.total} one="original" search={search} />
      <LongList
        list={list}
        label="Originals"
        rowHeight={ROW_HEIGHT}
        empty={<p class="quiet">{search === "" ? "None yet: drop one." : "No key has that in it."}</p>}
        row={(object) => (
          <a class="row" href={hrefOf({ view: "workshop", key: object.key })}>
            <span class="thumb">
              {object.bytes <= MAX_SHOWN_BYTES && (
                <img src={bytesHref(object)} alt="" loading="lazy" decoding="async" />
              )}
            </span>
            <span class="row-title">{object.key}</span>
            <span class="row-time">{bytesText(object.bytes)}</span>
          </a>
        )}
      />
    </section>
  );
}
