// Preloaded (`node --require`) into every Node.js process of a command: a clock that is wrong by as many milliseconds
// as FUSE_TEST_CLOCK_SHIFT says. The machine has one clock only, which its cluster's nodes use as well.
const shift = Number(process.env.FUSE_TEST_CLOCK_SHIFT ?? 0);
const RealDate = Date;

globalThis.Date = class Date extends RealDate {
  constructor(...values) {
    if (values.length === 0) super(RealDate.now() + shift);
    else super(...values);
  }

  static now() {
    return RealDate.now() + shift;
  }
};
