/** Every language of the pages by its tag, with its own name. */
export const LANGUAGE_NAMES = { en: "English", ko: "한국어" } as const;
export type Language = keyof typeof LANGUAGE_NAMES;

/** The language of an address's `?lang=`; English where it names none. */
export function languageOf(search: string): Language {
  const lang = new URLSearchParams(search).get("lang") ?? "";
  return Object.hasOwn(LANGUAGE_NAMES, lang) ? (lang as Language) : "en";
}
