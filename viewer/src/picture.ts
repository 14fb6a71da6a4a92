// The renderer of last resort: the server renders frame and window, the browser moves and stretches the picture.
import type { Plane } from "./description";
import type { Renderer, Shown } from "./renderer";
import { aspectOf, type Size } from "./view";

export async function openPicture(stage: HTMLElement, address: string, plane: Plane, first: Shown): Promise<Renderer> {
  const image = new Image();
  image.alt = "";
  image.className = "picture";
  stage.prepend(image);
  let size: Size = { width: stage.clientWidth, height: stage.clientHeight };
  let wanted = "";

  const show = async ({ frame, view, window: [low, high], isInverted }: Shown): Promise<void> => {
    image.style.width = `${plane.width * view.scale}px`;
    image.style.height = `${plane.height * view.scale * aspectOf(plane)}px`;
    image.style.left = `${size.width / 2 - view.x * view.scale}px`;
    image.style.top = `${size.height / 2 - view.y * view.scale * aspectOf(plane)}px`;
    const asked = new URLSearchParams({ center: String((low + high) / 2), width: String(high - low), invert: String(isInverted) });
    const next = `${address}/frames/${plane.frames[frame]}?${asked}`;
    if (next === wanted) return;
    wanted = next;
    image.src = next;
    await image.decode().catch(() => {
      if (next === wanted) throw new Error("The picture didn’t arrive.");
    });
  };
  try {
    await show(first);
  } catch (error) {
    image.remove();
    throw error;
  }
  return {
    kind: "server",
    show,
    valueAt: () => null,
    resize: (next) => (size = next),
    dispose: () => image.remove(),
  };
}
