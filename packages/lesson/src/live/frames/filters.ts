/** Of each of three convolutions. */
export const FILTERS = [16, 16, 16];
export const UNITS = FILTERS.reduce((sum, count) => sum + count);
