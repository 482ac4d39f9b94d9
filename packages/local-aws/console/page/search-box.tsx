import { countText } from "./format";

/** Where a list is searched. */
export function SearchBox({
  label,
  placeholder,
  search,
  setSearch,
}: {
  readonly label: string;
  readonly placeholder: string;
  readonly search: string;
  readonly setSearch: (search: string) => void;
}) {
  return (
    <input
      type="search"
      id="search"
      placeholder={placeholder}
      aria-label={label}
      value={search}
      onInput={(event) => setSearch(event.currentTarget.value)}
    />
  );
}

/** How many there are. It is said aloud only to who searches: a list that is not searched may grow many times a second. */
export function FoundCount({
  total,
  one,
  search,
}: {
  readonly total: number | undefined;
  readonly one: string;
  readonly search: string;
}) {
  return (
    <p class="count quiet" role="status" aria-live={search === "" ? "off" : "polite"}>
      {total === undefined ? " " : countText(total, one)}
    </p>
  );
}
