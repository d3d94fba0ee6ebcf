import { en, type Texts } from "./en.ts";
import { ko } from "./ko.ts";

export type { Texts };

/** Every language by its tag, with its own name. */
export const LANGUAGES = { en: { name: "English", texts: en }, ko: { name: "한국어", texts: ko } };
export type Language = keyof typeof LANGUAGES;

/** The language of an address's `?lang=`; English where it names none. */
export function languageOf(search: string): Language {
  const lang = new URLSearchParams(search).get("lang") ?? "";
  return Object.hasOwn(LANGUAGES, lang) ? (lang as Language) : "en";
}
