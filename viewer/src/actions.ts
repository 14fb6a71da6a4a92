// What the buttons beside the tools do, and their keys.
import type { Action } from "./controls";
import type { CasekinViewer } from "./element";
import { fitPanel } from "./panel";
import { keepWithin } from "./view";

const ZOOM_STEP = 1.25;

const ACTS: Record<Action, (viewer: CasekinViewer) => void> = {
  fit: (viewer) => viewer.setView(null),
  one: (viewer) => viewer.setView(keepWithin({ ...viewer.view!, scale: 1 }, viewer.plane!, viewer.size)),
  in: (viewer) => viewer.zoom(ZOOM_STEP),
  out: (viewer) => viewer.zoom(1 / ZOOM_STEP),
  invert: (viewer) => viewer.invert(),
  reset: (viewer) => viewer.reset(),
  frontal: (viewer) => void viewer.turn(),
  keys: (viewer) => {
    viewer.parts.keys.hidden = !viewer.parts.keys.hidden;
    fitPanel(viewer);
  },
};

/** Nothing while there is no image. */
export function act(viewer: CasekinViewer, action: Action): void {
  if (viewer.face) ACTS[action](viewer);
}
