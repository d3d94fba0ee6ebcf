const WORDS =
  /^(?:(\d{1,4}) ?h(?:ours?|rs?)?,? ?)?(\d{1,4}) ?m(?:in(?:ute)?s?)?,?(?: ?(\d{1,2}) ?s(?:ec(?:ond)?s?)?)?$/i;
const CLOCK = /^(\d{1,3}):([0-5]\d):([0-5]\d(?:\.\d{1,9})?)$/;
const PACE = /^()(\d{1,2}):([0-5]\d) ?(?:min ?)?(\/ ?(?:km|mi|\d{3} ?m))$/i;

/** The minutes of 2h 15min, 1:13:02 and 5:41 /km, with their unit; undefined for other texts. */
export function durationIn(
  text: string,
): { readonly minutes: number; readonly unit: string } | undefined {
  const [found, hours = "", minutes, seconds = "", per = ""] =
    WORDS.exec(text) ?? CLOCK.exec(text) ?? PACE.exec(text) ?? [];
  // 12 m alone are meters, and 12 min a number with a unit.
  if (found === undefined || hours + seconds === "") return undefined;
  return {
    minutes: Number(hours) * 60 + Number(minutes) + Number(seconds) / 60,
    unit: `min${per.replaceAll(" ", "").toLowerCase()}`,
  };
}

/** Says a column's name that it holds how long something took? */
export const namesDuration = (name: string): boolean =>
  /elapsed|duration|laps?\b|splits?\b|pace|dauer|durée|duración/i.test(name);

/** Whether 45:12 are minutes in a column that has 1:02:10 too; undefined where both may be. */
export function hasMinutesFirst(name: string, texts: readonly string[]): boolean | undefined {
  const short = texts.filter((text) => /^\d+:\d\d$/.test(text));
  const isHours = short.length === 0 || short.length === texts.length;
  if (isHours || texts.some((text) => /m$/i.test(text))) return false; // pm is no duration's
  return namesDuration(name) || short.some((text) => Number.parseInt(text, 10) > 23) || undefined;
}
