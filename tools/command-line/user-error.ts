/** A mistake of the user. Its message is one line that names the problem and its fix. */
export class UserError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UserError";
  }
}
