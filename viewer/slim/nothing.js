// Stands for modules that a stack of pictures imports and never calls.
export default {};
export const createSharpeningRenderPass = undefined;
export const createSmoothingRenderPass = undefined;
