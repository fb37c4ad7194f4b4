import type { ChannelName, ChannelState, Observation } from "../observation";
import type { Message } from "../../kube/message";
import { apiMessage } from "../../kube/client";

/** Records the state of each channel. A failure counts from the first one in a row. */
export class ChannelBoard {
  private readonly states = new Map<ChannelName, ChannelState>();

  /** Records that everything of a channel was read. */
  read(name: ChannelName): void {
    this.states.set(name, { state: "read", at: Date.now() });
  }

  /** Removes the state of a channel, which is not a failure. */
  forget(name: ChannelName): void {
    this.states.delete(name);
  }

  /** Records that a channel that failed delivers again, although not everything of it was read. */
  recover(name: ChannelName): void {
    if (this.states.get(name)?.state === "failing") this.states.delete(name);
  }

  /** Records that a channel fails. */
  fail(name: ChannelName, error: unknown): void {
    const before = this.states.get(name);
    const since = before?.state === "failing" ? before.since : Date.now();
    const { reason, text } = apiMessage(error, name);
    this.states.set(name, { state: "failing", since, reason, text });
  }

  get channels(): Observation["channels"] {
    return Object.fromEntries(this.states);
  }

  /** Messages about the channels that fail. */
  get messages(): Message[] {
    return [...this.states].flatMap(([about, channel]) =>
      channel.state === "failing"
        ? [{ source: "api", about, reason: channel.reason, text: channel.text, since: channel.since }]
        : [],
    );
  }
}
