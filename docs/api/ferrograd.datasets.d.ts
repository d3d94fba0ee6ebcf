// What can be imported, from the package's declarations: `npm run api`. Do not edit.

// ferrograd/datasets

export { Dataset } from "ferrograd";

export declare function breastCancer(options?: NoOptions): Split;

export declare function digits(options?: NoOptions): Split;

export declare function iris(options?: NoOptions): Split;

export declare function wine(options?: NoOptions): Split;

// Not exported, but spoken of above.

type NoOptions = Readonly<Record<never, never>>;
