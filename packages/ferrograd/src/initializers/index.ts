export * from "./initializers.ts";
