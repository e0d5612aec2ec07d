/** Stands in for React's dev tools, which Ink imports only when asked to and we do not ship. */
export default { initialize() {}, connectToDevTools() {} };
