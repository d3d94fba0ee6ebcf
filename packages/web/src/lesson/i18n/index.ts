import { languageOf } from "../../i18n/index.ts";
import { en as enLive } from "../live/texts/en.ts";
import { ko as koLive } from "../live/texts/ko.ts";
import { en, type Texts } from "./en.ts";
import { ko } from "./ko.ts";
import { say as sayKo } from "./say.ko.ts";

export type { Language } from "../../i18n/index.ts";
export type { Texts };
export { languageOf };

/** Every language by its tag: its name, the page's texts, those of the live parts, and what the experiments say. */
export const LANGUAGES = {
  en: { name: "English", texts: en, live: enLive, say: (text: string) => text },
  ko: { name: "한국어", texts: ko, live: koLive, say: sayKo },
};
