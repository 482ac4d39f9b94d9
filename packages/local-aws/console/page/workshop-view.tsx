import { type ComponentChildren, Fragment } from "preact";
import { useState } from "preact/hooks";
import { nameFault, type Preset, presetFaults } from "../preset";
import type { StackInfo, TrialPicture } from "../wire";
import { Comparison } from "./comparison";
import { CopiedText } from "./copied-text";
import { bytesText, durationText, shareText } from "./format";
import { OriginalList } from "./original-list";
import { PresetForm } from "./preset-form";
import { presetText, withoutDefaults } from "./preset-text";
import { hrefOf } from "./route";
import { bytesHref, bytesOfTrial } from "./server-api";
import { Steps } from "./steps";
import { useObject } from "./use-object";
import { useTrial } from "./use-trial";

/** A preset that is being worked on. */
interface Draft {
  readonly name: string;
  readonly preset: Preset;
}

/** What was worked on, for who looks at something else in between. */
let lastDraft: Draft | undefined;

/** Where presets are tried on a picture; `children` is where pictures come in. */
export function WorkshopView({
  stack,
  name: key,
  children,
}: {
  readonly stack: StackInfo;
  readonly name: string | undefined;
  readonly children: ComponentChildren;
}) {
  const { presets = {}, originalBucket = "" } = stack;
  const [draft, setDraft] = useState<Draft>(() => lastDraft ?? firstDraft(presets));
  lastDraft = draft;
  const source = useObject(originalBucket, key);
  const names = Object.keys(presets);
  const wrongName = nameFault(
    draft.name,
    names.filter((name) => name !== draft.name),
  );
  const preset = withoutDefaults(draft.preset);
  const faults = presetFaults(preset);
  const right = wrongName === undefined && faults.length === 0;
  const { answer, error, busy, milliseconds } = useTrial(
    source.value && bytesHref(source.value),
    right && source.value !== undefined ? { key: source.value.key, name: draft.name, preset } : undefined,
  );
  return (
    <>
      <div class={key === undefined ? "side" : "side has-selection"}>
        {key === undefined ? (
          <>
            {children}
            <OriginalList bucket={originalBucket} />
          </>
        ) : (
          <section class="workbench" aria-label="Preset">
            <p class="facts">
              <a href={hrefOf({ view: "workshop" })}>Another picture</a>
            </p>
            <div class="field">
              <label class="number">
                <span>begin with</span>
                <select
                  value={names.includes(draft.name) ? draft.name : ""}
                  onChange={({ currentTarget: { value } }) => {
                    const chosen = presets[value];
                    if (chosen !== undefined) setDraft({ name: value, preset: chosen });
                  }}
                >
                  <option value="" disabled>
                    a preset of this stack
                  </option>
                  {names.map((name) => (
                    <option key={name} value={name}>
                      {name}
                    </option>
                  ))}
                </select>
              </label>
            </div>
            <div class="field">
              <label class="number">
                <span>name</span>
                <input
                  type="text"
                  spellcheck={false}
                  autocomplete="off"
                  value={draft.name}
                  onInput={(event) => setDraft({ ...draft, name: event.currentTarget.value })}
                  {...(wrongName !== undefined && { "aria-invalid": true, "aria-describedby": "name-fault" })}
                />
              </label>
              {wrongName !== undefined && (
                <p class="failure" id="name-fault">
                  {wrongName}
                </p>
              )}
            </div>
            <PresetForm
              preset={draft.preset}
              change={(changed) => setDraft({ ...draft, preset: changed })}
              faults={faults}
            />
          </section>
        )}
      </div>
      <div class="main">
        {key === undefined ? (
          <article class="welcome">
            <h1>Try a preset before it is deployed</h1>
            <p class="lead">
              Choose a picture of yours. The code that is deployed makes it by any preset, as often as you change one,
              and nothing of it is written to a bucket. The API stays closed to sizes that no environment names.
            </p>
          </article>
        ) : (
          <article class="trial" aria-labelledby="trial-title" aria-busy={busy}>
            <header>
              <h1 id="trial-title">{key}</h1>
              {answer?.made === true && source.value !== undefined && (
                <p class="facts" role="status">
                  <span>
                    {answer.width} × {answer.height}
                  </span>
                  <span>{answer.format.toUpperCase()}</span>
                  <strong>{bytesText(answer.bytes)}</strong>
                  <span>{shareText(answer.bytes, source.value.bytes)} of the original</span>
                  {milliseconds !== undefined && <span>{durationText(milliseconds)}</span>}
                </p>
              )}
            </header>
            {(source.error ?? error) !== undefined && (
              <p class="failure" role="alert">
                {source.error ?? error}
              </p>
            )}
            {answer?.made === false && (
              <section class="refusal" aria-label="What failed">
                <div role="alert">
                  <h2>{answer.error}</h2>
                  <p>{answer.cause}</p>
                </div>
              </section>
            )}
            {answer?.made === true && source.value !== undefined && (
              <Comparison
                original={{ name: `original of ${key}`, href: bytesHref(source.value), ...answer.source }}
                rendition={{ name: draft.name, href: bytesOfTrial(answer), width: answer.width, height: answer.height }}
              />
            )}
            {right && (
              <section aria-labelledby="preset-title">
                <h2 id="preset-title">
                  For <code>environments/</code> <span class="quiet">a line of renditions</span>
                </h2>
                <CopiedText label="the preset" text={presetText(draft.name, preset)} />
              </section>
            )}
            {answer?.made === true && <Making answer={answer} />}
          </article>
        )}
      </div>
    </>
  );
}

function Making({ answer: { steps, headers, metadata, key } }: { readonly answer: TrialPicture }) {
  return (
    <section aria-labelledby="steps-title">
      <h2 id="steps-title">How it was made</h2>
      <Steps steps={steps} />
      <details class="facts-more">
        <summary>{key}</summary>
        <dl>
          {Object.entries({ ...headers, ...metadata }).map(([name, value]) => (
            <Fragment key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </Fragment>
          ))}
        </dl>
      </details>
    </section>
  );
}

function firstDraft(presets: Readonly<Record<string, Preset>>): Draft {
  // The last one of an environment is the one that was thought of last.
  const [name, preset] = Object.entries(presets).at(-1) ?? [];
  if (name === undefined || preset === undefined) {
    return { name: "card", preset: { width: 640, height: 360, fit: "cover", format: "webp" } };
  }
  return { name, preset };
}
