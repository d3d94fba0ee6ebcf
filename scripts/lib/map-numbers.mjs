const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Numbers as a source map writes them: five bits a character, the lowest first, the sign in the lowest. */
export function numbersOf(text) {
  const found = [];
  let [value, shift] = [0, 0];
  for (const character of text) {
    const digit = DIGITS.indexOf(character);
    value += (digit & 31) << shift;
    shift += 5;
    if (digit >= 32) continue;
    found.push(value & 1 ? -(value >> 1) : value >> 1);
    [value, shift] = [0, 0];
  }
  return found;
}

/** A number as it is written there. */
export function textOf(number) {
  let text = "";
  for (let left = number < 0 ? (-number << 1) | 1 : number << 1; ; left >>= 5) {
    if (left < 32) return text + DIGITS[left];
    text += DIGITS[(left & 31) | 32];
  }
}
