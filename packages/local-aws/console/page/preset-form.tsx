import type { ComponentChildren } from "preact";
import { FITS, FORMATS, MAX_QUALITY, MAX_SIDE, POSITIONS, type Preset, type PresetFault } from "../preset";

/** Where a preset is changed, field by field. */
export function PresetForm({ preset, change, faults }: PresetFormProps) {
  const set = (some: Partial<Preset>) => change({ ...preset, ...some });
  const without = (field: "quality" | "background") => {
    const { [field]: _, ...rest } = preset;
    change(rest);
  };
  const faultOf = (field: keyof Preset) => faults.find((fault) => fault.field === field)?.message;
  return (
    <div class="preset-form">
      {(["width", "height"] as const).map((side) => (
        <NumberField
          key={side}
          label={side}
          value={preset[side]}
          most={MAX_SIDE}
          unit="px"
          fault={faultOf(side)}
          set={(value) => set({ [side]: value })}
        />
      ))}
      <Choice label="fit" values={FITS} value={preset.fit} set={(fit) => set({ fit })} />
      {preset.fit === "cover" && (
        <Choice
          label="position"
          values={POSITIONS}
          value={preset.position ?? "centre"}
          set={(position) => set({ position })}
        />
      )}
      <Choice label="format" values={FORMATS} value={preset.format} set={(format) => set({ format })} />
      <Optional
        label="quality"
        otherwise="the format's own"
        given={preset.quality !== undefined}
        give={(given) => (given ? set({ quality: USUAL_QUALITY }) : without("quality"))}
      >
        {preset.quality !== undefined && (
          <NumberField
            label="quality"
            value={preset.quality}
            most={MAX_QUALITY}
            fault={faultOf("quality")}
            set={(quality) => set({ quality })}
          />
        )}
      </Optional>
      <Optional
        label="background"
        otherwise="white, where the format has no transparency"
        given={preset.background !== undefined}
        give={(given) => (given ? set({ background: "#ffffff" }) : without("background"))}
      >
        {preset.background !== undefined && (
          <label class="colour">
            <input
              type="color"
              aria-label="background"
              value={preset.background}
              onInput={(event) => set({ background: event.currentTarget.value })}
            />
            <code>{preset.background}</code>
          </label>
        )}
      </Optional>
      <Toggle
        label="animated"
        meaning="keep all frames"
        on={preset.animated === true}
        set={(animated) => set({ animated })}
      />
      <Toggle
        label="enlarge"
        meaning="let a small picture grow to the box"
        on={preset.enlarge === true}
        set={(enlarge) => set({ enlarge })}
      />
    </div>
  );
}

export interface PresetFormProps {
  readonly preset: Preset;
  readonly change: (preset: Preset) => void;
  readonly faults: readonly PresetFault[];
}

/** Where one begins that has said nothing so far. */
const USUAL_QUALITY = 80;

function NumberField({
  label,
  value,
  most,
  unit,
  fault,
  set,
}: {
  readonly label: string;
  readonly value: number;
  readonly most: number;
  readonly unit?: string;
  readonly fault: string | undefined;
  readonly set: (value: number) => void;
}) {
  const described = fault === undefined ? {} : { "aria-invalid": true, "aria-describedby": `${label}-fault` };
  return (
    <div class="field">
      <label class="number">
        <span>{label}</span>
        <input
          type="number"
          min={1}
          max={most}
          step={1}
          value={Number.isNaN(value) ? "" : value}
          onInput={(event) => set(event.currentTarget.valueAsNumber)}
          {...described}
        />
        {unit !== undefined && <span class="quiet">{unit}</span>}
      </label>
      <input
        type="range"
        aria-label={`${label}, drawn`}
        min={1}
        max={most}
        value={Number.isNaN(value) ? 1 : value}
        onInput={(event) => set(event.currentTarget.valueAsNumber)}
      />
      {fault !== undefined && (
        <p class="failure" id={`${label}-fault`}>
          {fault}
        </p>
      )}
    </div>
  );
}

function Choice<Value extends string>({
  label,
  values,
  value,
  set,
}: {
  readonly label: string;
  readonly values: readonly Value[];
  readonly value: Value;
  readonly set: (value: Value) => void;
}) {
  return (
    <fieldset class="segments field">
      <legend>{label}</legend>
      {values.map((one) => (
        <label key={one}>
          <input type="radio" name={label} checked={one === value} onChange={() => set(one)} />
          <span>{one}</span>
        </label>
      ))}
    </fieldset>
  );
}

function Optional({
  label,
  otherwise,
  given,
  give,
  children,
}: {
  readonly label: string;
  readonly otherwise: string;
  readonly given: boolean;
  readonly give: (given: boolean) => void;
  readonly children: ComponentChildren;
}) {
  return (
    <div class="field">
      <label class="toggle">
        <input type="checkbox" checked={given} onChange={(event) => give(event.currentTarget.checked)} />
        <span>
          own {label} {!given && <span class="quiet">now {otherwise}</span>}
        </span>
      </label>
      {children}
    </div>
  );
}

function Toggle({
  label,
  meaning,
  on,
  set,
}: {
  readonly label: string;
  readonly meaning: string;
  readonly on: boolean;
  readonly set: (on: boolean) => void;
}) {
  return (
    <label class="toggle field">
      <input type="checkbox" checked={on} onChange={(event) => set(event.currentTarget.checked)} />
      <span>
        {label} <span class="quiet">{meaning}</span>
      </span>
    </label>
  );
}
