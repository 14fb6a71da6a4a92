// The core's table of viewports with the one that is used: volumes, video, slides and ECGs would bring 1 MB of vtk.js.
import StackViewport from "cornerstone/RenderingEngine/StackViewport.js";

export default { stack: StackViewport };
export const getViewportClassForInput = () => StackViewport;
export const isRegisteredViewportType = (type) => type === "stack";
export const registerViewportType = () => undefined;
