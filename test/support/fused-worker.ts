/** A worker of one's own over the default core. */
import "ferrograd";
import { serve } from "ferrograd/worker";

serve();
