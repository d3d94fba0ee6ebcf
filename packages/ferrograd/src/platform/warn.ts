/** Says what there is to warn of where nobody else was named to hear it. */
export const warnOnConsole = (message: string): void => console.warn(message);
