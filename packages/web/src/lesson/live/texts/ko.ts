import type { LiveTexts } from "./en.ts";

export const ko: LiveTexts = {
  titles: {},
};
