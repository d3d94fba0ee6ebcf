export { type UnrollOptions, unrollPrograms } from "./provide.ts";
