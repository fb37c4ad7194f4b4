// Finds the phrases that CONTRIBUTING.md retires. They are listed in retired-phrases.json, with a sample each.

/** @typedef {{ readonly pattern: string, readonly sample: string, readonly instead: string }} Phrase */

/** @type {readonly Phrase[]} */
const phrases = require("./retired-phrases.json");

const patterns = phrases.map(({ pattern, instead }) => ({ expression: new RegExp(pattern, "iu"), instead }));

/** A comment whose first word leaves out the verb or the noun; a question is none. */
const headless = /^[^\p{L}]*(?:What|How|Whether|That|Where|Who|Whose)\b(?![^.]*\?)/u;

/**
 * Returns a message for each retired phrase in a text.
 * @param {string} text
 * @param {{ readonly comment?: boolean }} [kind] comments have a rule of their own for their first word
 * @returns {string[]}
 */
function findRetired(text, { comment = false } = {}) {
  const found = patterns.flatMap(({ expression, instead }) => {
    const match = expression.exec(text);
    return match === null ? [] : [`"${match[0]}" is retired (CONTRIBUTING.md): ${instead}`];
  });
  if (comment && headless.test(text))
    found.push("a comment begins with a verb or a noun, not with What, How, Whether, That, Where or Who");
  return found;
}

/** @type {import("eslint").Rule.RuleModule} */
const rule = {
  meta: {
    type: "suggestion",
    schema: [{ type: "object", properties: { beginnings: { type: "boolean" } } }],
    messages: { retired: "{{message}}" },
  },
  create(context) {
    const [{ beginnings = true } = {}] = /** @type {{ beginnings?: boolean }[]} */ (context.options);
    /**
     * @param {import("eslint").Rule.Node | import("estree").Comment} node
     * @param {string} text
     * @param {boolean} comment
     */
    const report = (node, text, comment) => {
      for (const message of findRetired(text, { comment }))
        context.report({
          loc: node.loc ?? { line: 1, column: 0 },
          messageId: "retired",
          data: { message },
        });
    };
    return {
      Program() {
        const comments = context.sourceCode.getAllComments();
        for (const [index, comment] of comments.entries()) {
          const before = comments[index - 1];
          // A line comment that continues another one does not begin a sentence.
          const continues =
            comment.type === "Line" &&
            before?.type === "Line" &&
            before.loc?.end.line === (comment.loc?.start.line ?? 0) - 1;
          report(comment, comment.value.replace(/\s+\*?\s*/gu, " "), beginnings && !continues);
        }
      },
      Literal(node) {
        // A single word is a name, such as that of a user.
        if (typeof node.value === "string" && /\s/u.test(node.value)) report(node, node.value, false);
      },
      TemplateElement(node) {
        report(node, node.value.cooked ?? node.value.raw, false);
      },
    };
  },
};

module.exports = { phrases, findRetired, rule };
