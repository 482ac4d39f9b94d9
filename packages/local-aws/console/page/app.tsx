import type { ComponentChildren } from "preact";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { ExecutionSummary, Page, StackInfo } from "../wire";
import { Announcements } from "./announcements";
import { BucketView } from "./bucket-view";
import type { DroppedFile } from "./drop-files";
import { DropZone } from "./drop-zone";
import { ExecutionList } from "./execution-list";
import { ExecutionView } from "./execution-view";
import { Heading } from "./heading";
import { IncomingFiles } from "./incoming-files";
import { LogView } from "./log-view";
import { MachineDrawing } from "./machine-drawing";
import { MapRunsView } from "./map-runs-view";
import { type Route, titleOf } from "./route";
import { readApi } from "./server-api";
import { Shortcuts } from "./shortcuts";
import { SpokenUploads, UploadProgress } from "./upload-progress";
import { useChanges, useReconnected } from "./use-live";
import { goTo, useRoute } from "./use-route";
import { useUploads } from "./use-uploads";
import { WorkshopView } from "./workshop-view";

/** The whole page. */
export function App({ initial }: { readonly initial: StackInfo }) {
  const [stack, setStack] = useState(initial);
  // Another run may answer now, with a machine that was changed.
  useReconnected(() => void readApi<StackInfo>("/api/stack").then(setStack, () => {}));
  const route = useRoute();
  const { uploads, add } = useUploads(stack.originalBucket);
  const upload = useUploadAndFollow(add);
  const tryOut = useUploadAndTry(add, uploads.last);
  const main = useRef<HTMLElement>(null);
  useFollowedRoute(route, stack.name, main);
  const progress = <UploadProgress uploads={uploads} />;
  return (
    <>
      {/* biome-ignore lint/a11y/useValidAnchor: it leads to a place in the page, by keys that links have */}
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          // What stands behind # is the view.
          event.preventDefault();
          main.current?.focus();
        }}
      >
        To the content
      </a>
      <Heading stack={stack} route={route} />
      <IncomingFiles add={route.view === "workshop" ? tryOut : upload} />
      <main id="main" ref={main} tabIndex={-1} class={`view ${route.view}`}>
        <View stack={stack} route={route}>
          <DropZone>{progress}</DropZone>
        </View>
      </main>
      {!hasDropZone(route) && (
        <aside class="progress-elsewhere" aria-label="Uploads">
          {progress}
        </aside>
      )}
      <SpokenUploads uploads={uploads} />
      <Shortcuts />
      <Announcements />
    </>
  );
}

const hasDropZone = (route: Route): boolean =>
  route.view === "executions" || (route.view === "workshop" && route.key === undefined);

/** The title says what is shown, and who changes the view goes on from there. */
function useFollowedRoute(route: Route, stackName: string, main: { readonly current: HTMLElement | null }) {
  const title = titleOf(route, stackName);
  useEffect(() => {
    document.title = title;
  }, [title]);
  // A picture that is chosen in the workshop takes the place of the list it was chosen from.
  const screen = `${route.view} ${route.view === "workshop" && route.key !== undefined}`;
  const shown = useRef(screen);
  useEffect(() => {
    if (shown.current === screen) return;
    shown.current = screen;
    main.current?.focus();
  }, [screen, main]);
}

function View({
  stack,
  route,
  children,
}: {
  readonly stack: StackInfo;
  readonly route: Route;
  readonly children: ComponentChildren;
}) {
  switch (route.view) {
    case "buckets":
      return <BucketView stack={stack} bucket={route.bucket} selected={route.key} />;
    case "workshop":
      return (
        <WorkshopView stack={stack} name={route.key}>
          {children}
        </WorkshopView>
      );
    case "map-runs":
      return <MapRunsView />;
    case "log":
      return <LogView of={route.of} />;
    case "executions": {
      const { machine, name } = route;
      const selected = machine !== undefined && name !== undefined ? { machine, name } : undefined;
      return (
        <>
          <div class="side">
            {children}
            <ExecutionList machines={stack.machines} selected={selected} />
          </div>
          <div class="main">{selected ? <ExecutionView stack={stack} {...selected} /> : <Welcome stack={stack} />}</div>
        </>
      );
    }
  }
}

/** What there is to see before anything has run. */
function Welcome({ stack }: { readonly stack: StackInfo }) {
  return (
    <article class="welcome">
      <h1>Drop a picture and watch it being made</h1>
      <p class="lead">
        It goes to <code>{stack.originalBucket ?? "the original bucket"}</code>; its event starts an execution, which
        you can follow here from state to state, with each decision of IAM. No picture leaves this machine.
      </p>
      {stack.machines.map((machine) => (
        <section key={machine.name} aria-label={machine.name}>
          <h2>{machine.name}</h2>
          <MachineDrawing machine={machine} visits={[]} />
        </section>
      ))}
    </article>
  );
}

/** Uploads, and shows the execution of the first file as soon as there is one. */
function useUploadAndFollow(add: (files: readonly DroppedFile[]) => void) {
  const awaited = useRef<{ readonly key: string; readonly since: number } | undefined>(undefined);
  useElsewhere(awaited);
  const follow = (executions: readonly ExecutionSummary[]) => {
    const found = executions.find(
      ({ key, startedAt }) => key === awaited.current?.key && startedAt >= (awaited.current?.since ?? 0),
    );
    if (found === undefined) return;
    awaited.current = undefined;
    goTo({ view: "executions", machine: found.machine, name: found.name });
  };
  useChanges(({ executions }) => follow(executions));
  // It may have started while nobody told.
  useReconnected(() => {
    if (awaited.current === undefined) return;
    const search = new URLSearchParams({ search: awaited.current.key });
    void readApi<Page<ExecutionSummary>>(`/api/executions?${search}`).then(
      ({ items }) => follow(items),
      () => {},
    );
  });
  return useCallback(
    (files: readonly DroppedFile[]) => {
      const [first] = files;
      if (first === undefined) return;
      awaited.current = { key: first.key, since: Date.now() - 1000 };
      add(files);
    },
    [add],
  );
}

/** Uploads, and tries presets on the first file as soon as it is there. */
function useUploadAndTry(add: (files: readonly DroppedFile[]) => void, last: readonly string[]) {
  const awaited = useRef<{ readonly key: string } | undefined>(undefined);
  useElsewhere(awaited);
  useEffect(() => {
    const key = awaited.current?.key;
    if (key === undefined || !last.includes(key)) return;
    awaited.current = undefined;
    goTo({ view: "workshop", key });
  }, [last]);
  return useCallback(
    (files: readonly DroppedFile[]) => {
      const [first] = files;
      if (first === undefined) return;
      awaited.current = { key: first.key };
      add(files);
    },
    [add],
  );
}

/** Whoever went to look at something else meanwhile is not taken away from there. */
function useElsewhere(awaited: { current: unknown }) {
  useLayoutEffect(() => {
    const forget = () => {
      awaited.current = undefined;
    };
    addEventListener("hashchange", forget);
    return () => removeEventListener("hashchange", forget);
  }, [awaited]);
}
