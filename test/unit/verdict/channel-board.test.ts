import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { ChannelBoard } from "../../../verdict/observer/channel-board";

const channel = "log of the consumer";

describe("the state of a channel", () => {
  const since = (board: ChannelBoard): number | undefined => board.messages[0]?.since;

  it("fails since the first failure in a row", async () => {
    const board = new ChannelBoard();
    board.fail(channel, new Error("first"));
    const first = since(board);
    await sleep(5);
    board.fail(channel, new Error("second"));
    assert.deepEqual([since(board), board.messages[0]?.text], [first, "second"]);
  });

  it("is no failure once the channel delivers again, and a later failure counts anew", async () => {
    const board = new ChannelBoard();
    board.fail(channel, new Error("first"));
    const first = since(board) ?? NaN;
    board.recover(channel);
    assert.deepEqual([board.messages, board.channels], [[], {}]);
    await sleep(5);
    board.fail(channel, new Error("second"));
    assert.ok((since(board) ?? NaN) > first);
  });

  it("stays read, since when it was, if the channel delivers more", () => {
    const board = new ChannelBoard();
    board.read(channel);
    const before = board.channels;
    board.recover(channel);
    assert.deepEqual(board.channels, before);
    assert.equal(board.channels[channel]?.state, "read");
  });
});
