// Guards `pulumi stack output`: a verdict is never older than the run that it is read for.

/**
 * What to say before outputs are shown, where a later update than theirs did not come to a good end.
 * @param update from unfinishedUpdate; `outputs` are the stack's, as the engine gives them.
 * @returns `words`, and whether the outputs are to be withheld; undefined where they are the update's own.
 */
function judgeOutputs(update, outputs) {
  const { id, start } = outputs?.run ?? {};
  if (typeof start !== "string" || !(Date.parse(start) < update.began)) return undefined;
  const which = `the last update, of ${new Date(update.began).toISOString()},`;
  const whose = `the outputs are of run ${id}, of ${start}`;
  if (update.how !== "was killed") return { withheld: false, words: `${which} ${update.how}: ${whose}` };
  return {
    withheld: true,
    words: `${which} was killed and gave no verdict: ${whose}. Run: pulumi up`,
  };
}

module.exports = { judgeOutputs };
