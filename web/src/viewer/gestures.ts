import type { Pixel } from "./frame";
import type { Stage } from "./stage";

/** What the viewer learns of what its user does on the stage. */
export interface Gestures {
  /** `byKey`: moved by a key, so that it is read aloud. */
  pixel(pixel: Pixel, pinned: boolean, byKey: boolean): void;
}

const ZOOM_STEP = 1.4;
const STILL = 4; // CSS pixels that a click may move

/**
 * Mouse, touch, pen and keys on the stage. A drag moves the wipe, once zoomed in the image; the
 * divider itself always moves the wipe. A click holds the pixel, or frees it.
 */
export function listen(stage: Stage, gestures: Gestures) {
  listenToPointers(stage, gestures);
  stage.node.addEventListener("pointerenter", (event) => {
    if (event.pointerType === "mouse") {
      stage.tell("Drag to wipe · click to hold the pixel · then the wheel zooms", 4000);
    }
  }, { once: true });
  listenToWheel(stage);
  listenToKeys(stage, gestures);
}

interface Touching {
  x: number;
  y: number;
}

function listenToPointers(stage: Stage, gestures: Gestures) {
  const down = new Map<number, Touching>();
  let action: "none" | "click" | "wipe" | "pan" | "pinch" = "none";
  let start: Touching = { x: 0, y: 0 };
  const place = (event: PointerEvent): Touching => {
    const box = stage.node.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const dragged = () => {
    const wipes = !stage.divider.hidden && stage.zoom < 1.01;
    return wipes ? "wipe" : stage.zoom < 1.01 ? "click" : "pan";
  };
  stage.node.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) {
      return;
    }
    const at = place(event);
    const onDivider = event.target instanceof Node && stage.divider.contains(event.target);
    down.set(event.pointerId, at);
    start = at;
    action = down.size > 1 ? "pinch" : onDivider ? "wipe" : "click";
    // Not captured before it moves: a click stays a click on what is under it.
    if (onDivider) {
      capture(stage.node, event.pointerId);
    }
  });
  stage.node.addEventListener("pointermove", (event) => {
    const at = place(event);
    const before = down.get(event.pointerId);
    if (before === undefined) {
      if (!stage.pinned && event.pointerType !== "touch") {
        gestures.pixel(stage.pixelAt(at.x, at.y), false, false);
      }
      return;
    }
    if (action === "click" && Math.hypot(at.x - start.x, at.y - start.y) > STILL) {
      action = dragged();
      if (action !== "click") {
        capture(stage.node, event.pointerId);
      }
    }
    if (action === "wipe") {
      stage.setWipe(at.x / stage.node.clientWidth);
    } else if (action === "pan") {
      stage.moveBy(at.x - before.x, at.y - before.y);
    } else if (action === "pinch") {
      const other = [...down].find(([id]) => id !== event.pointerId)?.[1];
      if (other !== undefined) {
        pinch(stage, before, at, other);
      }
    }
    down.set(event.pointerId, at);
  });
  const end = (event: PointerEvent, clicked: boolean) => {
    const was = down.delete(event.pointerId);
    if (was && clicked && action === "click") {
      const at = place(event);
      const pixel = stage.pixelAt(at.x, at.y);
      const touch = event.pointerType === "touch";
      gestures.pixel(pixel, touch || !stage.pinned, false);
    }
    if (down.size === 0) {
      action = "none";
    } else if (was) {
      action = "pan";
    }
  };
  stage.node.addEventListener("pointerup", (event) => {
    end(event, true);
  });
  stage.node.addEventListener("pointercancel", (event) => {
    end(event, false);
  });
}

// Pointers that scripts make cannot be captured.
function capture(node: Element, id: number) {
  try {
    node.setPointerCapture(id);
  } catch {
    return;
  }
}

function pinch(stage: Stage, before: Touching, at: Touching, other: Touching) {
  const was = Math.hypot(before.x - other.x, before.y - other.y);
  const is = Math.hypot(at.x - other.x, at.y - other.y);
  if (was > 8 && is > 8) {
    stage.zoomBy(is / was, { x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 });
  }
  stage.moveBy((at.x - before.x) / 2, (at.y - before.y) / 2);
}

// The page scrolls under a wheel unless one works on the picture.
function listenToWheel(stage: Stage) {
  stage.node.addEventListener(
    "wheel",
    (event) => {
      const meant = event.ctrlKey || event.metaKey || document.activeElement === stage.node;
      if (!meant) {
        stage.tell("Click the picture first, or hold Ctrl, to zoom by the wheel", 1500);
        return;
      }
      event.preventDefault();
      const box = stage.node.getBoundingClientRect();
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
      const factor = Math.exp(-Math.max(-240, Math.min(240, event.deltaY * lines)) / 400);
      stage.zoomBy(factor, { x: event.clientX - box.left, y: event.clientY - box.top });
    },
    { passive: false },
  );
}

const MOVES: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

function listenToKeys(stage: Stage, gestures: Gestures) {
  stage.divider.addEventListener("keydown", (event) => {
    const step = event.shiftKey ? 0.1 : 0.02;
    const wanted: Readonly<Record<string, number>> = {
      ArrowLeft: stage.wipe - step, ArrowDown: stage.wipe - step,
      ArrowRight: stage.wipe + step, ArrowUp: stage.wipe + step,
      PageDown: stage.wipe - 0.1, PageUp: stage.wipe + 0.1, Home: 0, End: 1,
    };
    const share = wanted[event.key];
    if (share !== undefined) {
      event.preventDefault();
      event.stopPropagation();
      stage.setWipe(share);
    }
  });
  stage.node.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const actions: Readonly<Record<string, () => void>> = {
      "+": () => { stage.zoomBy(ZOOM_STEP); },
      "=": () => { stage.zoomBy(ZOOM_STEP); },
      "-": () => { stage.zoomBy(1 / ZOOM_STEP); },
      "0": () => { stage.fit(); },
      ",": () => { stage.setWipe(stage.wipe - 0.02); },
      ".": () => { stage.setWipe(stage.wipe + 0.02); },
      Escape: () => {
        if (stage.pixel !== null) {
          gestures.pixel(stage.pixel, false, false);
        }
      },
    };
    const move = MOVES[event.key];
    const act = actions[event.key];
    if (move !== undefined) {
      event.preventDefault();
      const pixel = neighbour(stage, move, event.shiftKey ? 10 : 1);
      stage.reveal(pixel);
      gestures.pixel(pixel, true, true);
    } else if (act !== undefined) {
      event.preventDefault();
      act();
    }
  });
}

function neighbour(stage: Stage, [dx, dy]: readonly [number, number], step: number): Pixel {
  const { width, height } = stage.image;
  const from = stage.pixel ?? { x: width >> 1, y: height >> 1 };
  return {
    x: Math.min(width - 1, Math.max(0, from.x + step * dx)),
    y: Math.min(height - 1, Math.max(0, from.y + step * dy)),
  };
}
