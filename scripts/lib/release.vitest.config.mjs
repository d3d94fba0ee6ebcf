/** The tests see what `ferrograd` is to its users, where the others see the sources. */
export default { test: { include: ["test/**/*.test.ts"], environment: "node" } };
