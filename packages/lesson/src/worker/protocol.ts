/** From the page to the worker. `next` asks a run for one frame more. */
export type Request =
  | { readonly type: "start"; readonly run: number; readonly task: string; readonly input: unknown }
  | { readonly type: "next" | "stop"; readonly run: number };

/** From the worker to the page: one for each `next`. */
export type Reply =
  | { readonly type: "frame"; readonly run: number; readonly frame: unknown }
  | { readonly type: "done"; readonly run: number }
  | { readonly type: "failed"; readonly run: number; readonly message: string };
