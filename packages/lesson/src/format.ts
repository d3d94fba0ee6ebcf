/** A cell as text: three digits that matter. */
export const shown = (value: string | number): string => {
  if (typeof value === "string") return value;
  if (Number.isInteger(value)) return String(value);
  const size = Math.abs(value);
  if (size >= 1e5 || size < 1e-3) return value.toExponential(1);
  return size >= 100 ? value.toFixed(0) : value.toFixed(3);
};
