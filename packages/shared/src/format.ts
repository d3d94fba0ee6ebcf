/** Numbers as the page shows them. */
export const fixed = (value: number, digits = 2): string => {
  const text = value.toFixed(digits);
  return /^-0\.?0*$/.test(text) ? text.slice(1) : text;
};
export const whole = (value: number): string => Math.round(value).toLocaleString("en-US");
export const percent = (share: number): string => `${(share * 100).toFixed(1)}\u00a0%`;
/** A small number below the line: W₂. */
export const below = (n: number): string =>
  String.fromCodePoint(...Array.from(String(n), (digit) => 0x2080 + Number(digit)));
/** A loss: three digits that matter. */
export const loss = (value: number): string =>
  value > 0 && value < 1e-3 ? value.toExponential(1) : value.toPrecision(3);
