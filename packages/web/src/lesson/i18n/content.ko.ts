/** What the experiments say, by the English text. */
export const content: Readonly<Record<string, string>> = {};
