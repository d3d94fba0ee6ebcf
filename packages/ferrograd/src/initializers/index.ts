export * from "./initializers.ts";
export * from "./orthogonal.ts";
