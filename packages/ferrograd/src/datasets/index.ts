export { Dataset } from "../data/dataset.ts";
export { breastCancer } from "./breast-cancer.ts";
export { digits } from "./digits.ts";
export { iris } from "./iris.ts";
export { wine } from "./wine.ts";
