import { LANGUAGE_NAMES, type Language } from "@ferrograd/shared/language.ts";
import { en, type Texts } from "./en.ts";
import { ko } from "./ko.ts";

export type { Texts };

/** Every language by its tag, with its own name. */
export const LANGUAGES: { readonly [L in Language]: { name: string; texts: Texts } } = {
  en: { name: LANGUAGE_NAMES.en, texts: en },
  ko: { name: LANGUAGE_NAMES.ko, texts: ko },
};
