/** What a worker runs that is given no file of one's own. */
import { serve } from "./serve.ts";

serve();
