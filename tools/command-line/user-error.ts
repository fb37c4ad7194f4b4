/** A mistake of the person at the keyboard. Its message is one line that says what is wrong and what to do. */
export class UserError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UserError";
  }
}
