import { type AST, RegExpParser } from "@eslint-community/regexpp";

/** Steps beyond which a match is given up: it takes for ever, for what a test has to find out. */
const MOST_STEPS = 300_000;

/** A match needs more than {@link MOST_STEPS}. */
class Endless extends Error {}

type Next = (at: number) => boolean;

/** Matches a pattern as JavaScript's engine does, by trying one way after another, and counts what it tries. */
class Matcher {
  steps = 0;
  private readonly classes = new Map<AST.Node, RegExp>();

  constructor(
    private readonly text: readonly string[],
    private readonly flags: string,
  ) {}

  private step(): void {
    this.steps += 1;
    if (this.steps > MOST_STEPS) throw new Endless();
  }

  private is(node: AST.Node, one: string | undefined): boolean {
    this.step();
    if (one === undefined) return false;
    const known = this.classes.get(node) ?? new RegExp(`^(?:${node.raw})$`, this.flags);
    this.classes.set(node, known);
    return known.test(one);
  }

  any(alternatives: readonly AST.Alternative[], at: number, next: Next): boolean {
    return alternatives.some(({ elements }) => this.sequence(elements, 0, at, next));
  }

  private sequence(elements: readonly AST.Element[], index: number, at: number, next: Next): boolean {
    const element = elements[index];
    if (element === undefined) return next(at);
    return this.element(element, at, (after) => this.sequence(elements, index + 1, after, next));
  }

  private element(node: AST.Element, at: number, next: Next): boolean {
    switch (node.type) {
      case "Character":
      case "CharacterClass":
      case "CharacterSet":
        return this.is(node, this.text[at]) && next(at + 1);
      case "Group":
      case "CapturingGroup":
        return this.any(node.alternatives, at, next);
      case "Quantifier":
        return this.repeat(node, at, 0, next);
      case "Assertion":
        return this.asserts(node, at) && next(at);
      case "Backreference":
      case "ExpressionCharacterClass":
        throw new Error(`no such thing is expected in a pattern of the rules: ${node.raw}`);
    }
  }

  private repeat(node: AST.Quantifier, at: number, times: number, next: Next): boolean {
    this.step();
    const again = (): boolean =>
      times < node.max &&
      this.element(node.element, at, (after) => after !== at && this.repeat(node, after, times + 1, next));
    const stop = (): boolean => times >= node.min && next(at);
    return node.greedy ? again() || stop() : stop() || again();
  }

  private asserts(node: AST.Assertion, at: number): boolean {
    this.step();
    if (node.kind === "start") return at === 0 || (this.flags.includes("m") && this.text[at - 1] === "\n");
    if (node.kind === "end") {
      return at === this.text.length || (this.flags.includes("m") && this.text[at] === "\n");
    }
    if (node.kind !== "lookahead" && node.kind !== "lookbehind")
      throw new Error("no boundary of words is expected in a pattern of the rules");
    const found =
      node.kind === "lookahead"
        ? this.any(node.alternatives, at, () => true)
        : // Each of the rules looks one character back.
          at > 0 && this.any(node.alternatives, at - 1, (end) => end === at);
    return found !== node.negate;
  }
}

/** Returns the steps that a search for a pattern in a text takes, which has no match; infinite if they are too many. */
function stepsOf(pattern: AST.Pattern, flags: string, text: string): number {
  const characters = Array.from(text);
  const matcher = new Matcher(characters, flags);
  try {
    for (let at = 0; at <= characters.length; at += 1) {
      // A search ends at its first match; one that replaces all of them continues after it.
      let end = -1;
      if (matcher.any(pattern.alternatives, at, (after) => ((end = after), true))) at = Math.max(at, end - 1);
    }
    return matcher.steps;
  } catch (error) {
    if (error instanceof Endless) return Number.POSITIVE_INFINITY;
    throw error;
  }
}

/** Characters that stand for those of their kind. */
const LETTERS = Array.from("a\n/0 F.:-_\\'\"{}[]<=,@#$x9");

/** Returns some texts that a part of a pattern matches. */
function samples(node: AST.Element, flags: string): string[] {
  switch (node.type) {
    case "Character":
      return [String.fromCodePoint(node.value)];
    case "CharacterClass":
    case "CharacterSet": {
      const one = new RegExp(`^(?:${node.raw})$`, flags);
      return LETTERS.filter((letter) => one.test(letter)).slice(0, 3);
    }
    case "Group":
    case "CapturingGroup":
      return node.alternatives.flatMap(({ elements }) => ofSequence(elements, flags)).slice(0, 6);
    case "Quantifier": {
      const some = samples(node.element, flags);
      const [first = ""] = some;
      return node.min === 0
        ? ["", ...some]
        : some.map((one) => one + first.repeat(Math.max(0, node.min - 1)));
    }
    case "Assertion":
    case "Backreference":
    case "ExpressionCharacterClass":
      return [""];
  }
}

/** Returns texts that a sequence matches: one in which every part has its first sample, and one for every other. */
function ofSequence(elements: readonly AST.Element[], flags: string): string[] {
  const each = elements.map((element) => samples(element, flags));
  const longest = each.map((some) => some.find((one) => one !== "") ?? "");
  const all = each.flatMap((some, at) =>
    some.map((one) => [...longest.slice(0, at), one, ...longest.slice(at + 1)].join("")),
  );
  return [...new Set([longest.join(""), ...all])];
}

interface Loop {
  /** What it repeats. */
  readonly words: readonly string[];
  /** What lies before it. */
  readonly before: string;
}

/** Returns the parts of a pattern that may be repeated as often as one likes. */
function loopsOf(alternatives: readonly AST.Alternative[], flags: string, before = ""): Loop[] {
  return alternatives.flatMap(({ elements }) =>
    elements.flatMap((element, index) => {
      const [own = ""] = ofSequence(elements.slice(0, index), flags);
      const prefix = before + own;
      const inner = element.type === "Quantifier" ? element.element : element;
      const nested = "alternatives" in inner ? loopsOf(inner.alternatives, flags, prefix) : [];
      if (element.type !== "Quantifier" || element.max < 50) return nested;
      return [...nested, { words: samples(element.element, flags), before: prefix }];
    }),
  );
}

/** Returns texts that grow with a number, and with which a pattern may take longer and longer. */
function hostileTexts(pattern: AST.Pattern, flags: string): ((times: number) => string)[] {
  const loops = loopsOf(pattern.alternatives, flags);
  const words = [...new Set(loops.flatMap((loop) => [...loop.words, loop.before]))].filter(
    (word) => word !== "",
  );
  const pumps = [...new Set([...words, ...words.flatMap((one) => words.map((other) => one + other))])];
  const prefixes = [...new Set(["", ...loops.map(({ before }) => before)])];
  return prefixes.flatMap((prefix) =>
    pumps.flatMap((pump) =>
      ["\u0000", ".\u0000"].map((end) => (times: number) => prefix + pump.repeat(times) + end),
    ),
  );
}

/** Returns a text with which a pattern takes more than twice the steps if it is twice as long; undefined if there is none. */
export function superLinear({ source, flags }: RegExp): string | undefined {
  const unicode = flags.includes("u");
  const pattern = new RegExpParser({ ecmaVersion: 2024 }).parsePattern(source, 0, source.length, { unicode });
  const short = flags.replaceAll(/[gm]/g, "");
  const hostile = hostileTexts(pattern, short).find((text) => {
    const multiline = short + (flags.includes("m") ? "m" : "");
    const few = stepsOf(pattern, multiline, text(24));
    return few === Number.POSITIVE_INFINITY || stepsOf(pattern, multiline, text(48)) > 2.4 * few;
  });
  return hostile?.(3);
}
