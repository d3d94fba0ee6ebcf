/** What a worker runs that is given no file of one's own. */
import { provideEvaluator } from "../compile/evaluate.ts";
import { wasmInside } from "../engine/inline.ts";
import { provideWasm } from "../engine/raw.ts";
import { serve } from "./serve.ts";

provideEvaluator();
provideWasm(wasmInside);
serve();
