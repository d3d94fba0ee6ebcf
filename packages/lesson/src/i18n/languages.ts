import { LANGUAGE_NAMES } from "@ferrograd/shared/language.ts";
import { en as enLive } from "../live/texts/en.ts";
import { ko as koLive } from "../live/texts/ko.ts";
import { en, type Texts } from "./en.ts";
import { ko } from "./ko.ts";
import { say as sayKo } from "./say.ko.ts";

export type { Texts };

/** Every language by its tag: its name, the page's texts, those of the live parts, and what the experiments say. */
export const LANGUAGES = {
  en: { name: LANGUAGE_NAMES.en, texts: en, live: enLive, say: (text: string) => text },
  ko: { name: LANGUAGE_NAMES.ko, texts: ko, live: koLive, say: sayKo },
};
