/** Where peers are not asked for, nor installed. */
export const importPackage = (name) => Promise.reject(new Error(`${name}: run with --peers`));
export const versionOf = () => "";
