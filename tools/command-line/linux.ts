import { UserError } from "./user-error";

/**
 * Checks that the embedded cluster can run on this machine, before anything is created for it.
 * @param called the command, as a person writes it
 * @param instead what to do on another system
 * @throws UserError in one line on every system but Linux.
 */
export function requireLinux(called: string, instead: string): void {
  if (process.platform === "linux") return;
  throw new UserError(`${called}: the embedded cluster needs Linux, this is ${process.platform}. ${instead}`);
}

/** Advice for a person without Linux who has a cluster. */
export const USE_OWN_CLUSTER = "Use a cluster of your own: npm start -- --stack homelab";
