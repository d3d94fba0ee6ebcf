/** Headings of the parts by their ids, then what the parts say. */
export const en = {
  titles: {},
};

export type LiveTexts = typeof en;
