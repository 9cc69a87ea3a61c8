/** The viewer's style sheet. Colours follow the system's choice of light or dark. */
const CSS = `
.dkv {
  --dkv-ground: #f6f7f8;
  --dkv-card: #ffffff;
  --dkv-text: #1d1f23;
  --dkv-quiet: #5c636d;
  --dkv-line: #d8dbe0;
  --dkv-accent: #0b62a8;
  --dkv-on-accent: #ffffff;
  --dkv-plus: #ff8a00;
  --dkv-minus: #2f7bff;
  color-scheme: light dark;
  container-type: inline-size;
  color: var(--dkv-text);
  font: 14px/1.45 system-ui, "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", sans-serif;
  font-variant-numeric: tabular-nums;
}
@media (prefers-color-scheme: dark) {
  .dkv {
    --dkv-ground: #24282e;
    --dkv-card: #1d2025;
    --dkv-text: #e6e8eb;
    --dkv-quiet: #a3aab5;
    --dkv-line: #3a4049;
    --dkv-accent: #6db3f2;
    --dkv-on-accent: #10161c;
  }
}
.dkv *, .dkv *::before { box-sizing: border-box; }
.dkv [hidden] { display: none !important; }
.dkv p, .dkv figure { margin: 0; }
.dkv-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.dkv-quiet, .dkv-note, .dkv-marks, .dkv figcaption { color: var(--dkv-quiet); font-size: 13px; }

.dkv-toolbar { display: flex; flex-wrap: wrap; gap: 8px 14px; align-items: center; margin-bottom: 10px; }
.dkv-pair { display: flex; flex: 0 1 auto; gap: 6px; align-items: center; min-width: 0; max-width: 100%; }
.dkv-side { display: flex; gap: 5px; align-items: center; min-width: 0; }
.dkv-side > b { display: inline-grid; place-items: center; width: 20px; height: 20px; border-radius: 4px; background: var(--dkv-text); color: var(--dkv-card); font-size: 12px; flex: none; }
.dkv select, .dkv button, .dkv input[type=number] {
  min-height: 32px; padding: 3px 9px; border: 1px solid var(--dkv-line); border-radius: 7px;
  background: var(--dkv-ground); color: inherit; font: inherit;
}
.dkv select { min-width: 0; max-width: 190px; text-overflow: ellipsis; }
.dkv button { cursor: pointer; }
.dkv button:hover, .dkv select:hover { border-color: var(--dkv-quiet); }
.dkv :is(select, button, input, canvas, .dkv-stage, .dkv-divider):focus-visible { outline: 2px solid var(--dkv-accent); outline-offset: 2px; }
.dkv-group { display: inline-flex; }
.dkv-group > * { margin-left: -1px; border-radius: 0 !important; }
.dkv-group > :first-child { margin-left: 0; border-radius: 7px 0 0 7px !important; }
.dkv-group > :last-child { border-radius: 0 7px 7px 0 !important; }
.dkv-toolbar > .dkv-group:last-child { margin-left: auto; }
.dkv-group > button { min-width: 34px; }
.dkv-group > button:nth-child(2) { min-width: 66px; }
.dkv-modes label { position: relative; display: inline-flex; align-items: center; min-height: 32px; padding: 3px 11px; border: 1px solid var(--dkv-line); background: var(--dkv-ground); cursor: pointer; }
.dkv-modes label:has(:checked) { background: var(--dkv-accent); border-color: var(--dkv-accent); color: var(--dkv-on-accent); z-index: 1; }
.dkv-modes label:has(:focus-visible) { outline: 2px solid var(--dkv-accent); outline-offset: 2px; z-index: 2; }
.dkv-modes input { position: absolute; inset: 0; width: 100%; height: 100%; margin: 0; opacity: 0; cursor: pointer; }
.dkv-check { display: inline-flex; gap: 6px; align-items: center; cursor: pointer; }
.dkv-check input { width: 16px; height: 16px; margin: 0; accent-color: var(--dkv-accent); }

.dkv-body { display: grid; grid-template-columns: minmax(0, 1fr) 336px; gap: 20px; align-items: start; }
@container (max-width: 820px) { .dkv-body { grid-template-columns: minmax(0, 1fr); } }
.dkv-body.dkv-alone { grid-template-columns: minmax(0, 1fr); }
.dkv-screen { min-width: 0; }
.dkv-stage { position: relative; width: 100%; max-height: max(260px, 76vh); overflow: hidden; border-radius: 8px; background: #17191d; cursor: crosshair; touch-action: pan-y; user-select: none; -webkit-user-select: none; }
.dkv-stage.dkv-zoomed { touch-action: none; }
.dkv-canvas { position: absolute; inset: 0; width: 100%; height: 100%; }
.dkv-divider { position: absolute; top: 0; bottom: 0; width: 28px; margin-left: -14px; cursor: ew-resize; touch-action: none; border-radius: 4px; }
.dkv-divider::before { content: ""; position: absolute; top: 0; bottom: 0; left: 13px; width: 2px; background: #fff; box-shadow: 0 0 0 1px rgb(0 0 0 / 45%); }
.dkv-divider span { position: absolute; top: 82%; left: 50%; transform: translate(-50%, -50%); padding: 3px 7px; border-radius: 14px; background: #fff; color: #1d1f23; font-size: 13px; line-height: 20px; letter-spacing: 2px; box-shadow: 0 1px 5px rgb(0 0 0 / 55%); white-space: nowrap; }
.dkv-divider:focus-visible { outline-color: #fff; outline-offset: -3px; }
.dkv-tag { position: absolute; top: 10px; max-width: 46%; padding: 2px 10px; border-radius: 6px; background: rgb(15 17 20 / 78%); color: #fff; font-size: 13px; pointer-events: none; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.dkv-left { left: 10px; }
.dkv-right { right: 10px; }
.dkv-hint { position: absolute; left: 50%; bottom: 14px; max-width: 90%; transform: translateX(-50%); padding: 5px 12px; border-radius: 8px; background: rgb(15 17 20 / 85%); color: #fff; font-size: 13px; text-align: center; opacity: 0; visibility: hidden; pointer-events: none; }
.dkv-hint.dkv-told { opacity: 1; visibility: visible; }
@media (prefers-reduced-motion: no-preference) { .dkv-tag, .dkv-hint { transition: opacity 0.15s; } }

.dkv-readout { display: flex; flex-wrap: wrap; gap: 2px 18px; margin: 8px 2px; min-height: 21px; }
.dkv[data-mode=points] .dkv-readout { display: none; }
.dkv-parts { display: flex; flex-wrap: wrap; gap: 2px 18px; }
.dkv-readout i { color: var(--dkv-quiet); font-style: normal; }
.dkv-where { color: var(--dkv-quiet); }
.dkv-legend { margin: 6px 2px 0; }
.dkv-bar { display: block; width: 100%; height: 12px; border-radius: 4px; image-rendering: pixelated; }
.dkv-ticks { position: relative; height: 22px; font-size: 12px; color: var(--dkv-quiet); }
.dkv-ticks span { position: absolute; top: 5px; transform: translateX(-50%); white-space: nowrap; }
.dkv-ticks span::before { content: ""; position: absolute; top: -5px; left: 50%; height: 4px; border-left: 1px solid var(--dkv-quiet); }
.dkv-ticks .dkv-first { transform: none; }
.dkv-ticks .dkv-last { transform: translateX(-100%); }
.dkv-ticks .dkv-first::before { left: 0; }
.dkv-ticks .dkv-last::before { left: 100%; }
.dkv-keys { display: flex; flex-wrap: wrap; gap: 6px 16px; align-items: center; margin-top: 4px; font-size: 13px; }
.dkv-label { font-weight: 600; }
.dkv-key { display: inline-flex; gap: 6px; align-items: center; color: var(--dkv-quiet); }
.dkv-swatch { width: 22px; height: 13px; border: 1px solid var(--dkv-line); border-radius: 3px; }
.dkv-hole { background: repeating-linear-gradient(-45deg, #6f7278 0 4px, #a4a8ae 4px 5.6px); }
.dkv-veil { background: linear-gradient(90deg, #2f7bff, #ffffff); }
.dkv-ends { display: inline-flex; flex-wrap: wrap; gap: 6px; align-items: center; margin-left: auto; color: var(--dkv-quiet); }
.dkv-ends > * { color: var(--dkv-text); }
.dkv-ends input { width: 84px; }
.dkv-ends input[aria-invalid=true] { border-color: #d33; }

.dkv-points { min-width: 0; }
.dkv-scene { position: relative; width: 100%; height: min(62vh, 560px); min-height: 260px; overflow: hidden; border-radius: 8px; background: #17191d; }
.dkv-scene canvas { position: absolute; inset: 0; width: 100%; height: 100%; border-radius: 8px; cursor: grab; }
.dkv-scene canvas:focus-visible { outline-offset: -3px; }
.dkv-two::after { content: ""; position: absolute; top: 0; bottom: 0; left: 50%; width: 1px; background: #565c66; }
.dkv-points-bar { display: flex; flex-wrap: wrap; gap: 6px 14px; align-items: center; margin-top: 8px !important; }

.dkv-panel { display: grid; gap: 16px; min-width: 0; }
.dkv-alone .dkv-panel :is(table, section) { display: none; }
@container (max-width: 820px) and (min-width: 560px) { .dkv-panel { grid-template-columns: minmax(0, 1fr) 336px; align-items: start; } }
.dkv-values { width: 100%; border-collapse: collapse; table-layout: auto; }
.dkv-values :is(th, td) { padding: 4px 6px; text-align: right; white-space: nowrap; }
.dkv-values th { border-bottom: 1px solid var(--dkv-line); color: var(--dkv-quiet); font-weight: normal; }
.dkv-values tr > :first-child { max-width: 170px; padding-left: 2px; text-align: left; overflow: hidden; text-overflow: ellipsis; }
.dkv-values .dkv-best td { color: var(--dkv-accent); font-weight: 600; }
.dkv-kernel { display: grid; gap: 8px; min-width: 0; }
.dkv-head { display: flex; flex-wrap: wrap; gap: 4px 10px; align-items: baseline; }
.dkv-sum { margin-left: auto; color: var(--dkv-quiet); font-size: 13px; }
.dkv-loupes { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 10px; }
.dkv-loupe { display: block; width: 100%; aspect-ratio: 1; border-radius: 6px; background: #3a3d42; }
.dkv-loupes figcaption { margin-top: 3px; line-height: 1.3; font-size: 12px; }
.dkv-marks { display: flex; flex-wrap: wrap; gap: 2px 14px; }
.dkv-marks span { display: inline-flex; gap: 6px; align-items: center; }
.dkv-dot { width: 10px; height: 10px; border-radius: 50%; }
.dkv-dot.dkv-plus { background: var(--dkv-plus); }
.dkv-dot.dkv-minus { background: var(--dkv-minus); }
.dkv-dot.dkv-ring { width: 13px; height: 13px; border: 2px solid; background: #3a3d42; box-shadow: 0 0 0 1px #3a3d42; }
.dkv-dot.dkv-square { border-radius: 2px; }
.dkv-weights { display: flex; flex-wrap: wrap; gap: 10px 12px; font-size: 12px; }
.dkv-weights table { border-collapse: collapse; flex: 1 1 140px; }
.dkv-weights caption { padding-bottom: 3px; color: var(--dkv-quiet); text-align: left; white-space: nowrap; }
.dkv-weights td { padding: 3px 4px; border: 1px solid var(--dkv-line); text-align: center; }
.dkv-weights td.dkv-plus { background: color-mix(in srgb, var(--dkv-plus) var(--share), transparent); }
.dkv-weights td.dkv-minus { background: color-mix(in srgb, var(--dkv-minus) var(--share), transparent); }

@container (max-width: 560px) {
  .dkv-pair { width: 100%; }
  .dkv-side { flex: 1 1 0; }
  .dkv-side select { width: 100%; max-width: none; }
  .dkv-toolbar { gap: 8px 12px; }
  .dkv-toolbar > .dkv-group:last-child { margin-left: 0; }
  .dkv-ends { margin-left: 0; }
  .dkv-tag { max-width: 42%; top: 6px; font-size: 12px; }
  .dkv-left { left: 6px; }
  .dkv-right { right: 6px; }
}
`;

let sheet: CSSStyleSheet | null = null;

/** Adds the style sheet to the document, once. As an object it needs no leave from a page's policy. */
export function adoptStyles() {
  if (sheet === null) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
    document.adoptedStyleSheets.push(sheet);
  }
}
