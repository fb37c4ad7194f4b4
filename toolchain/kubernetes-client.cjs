// @kubernetes/client-node as one file. Loading its thousand modules one by one takes longer than the
// whole test; bundled they load in a tenth of the time. The bundle lies beside the package, is made at
// the first use, and is made anew with every version. Names stay: the client finds its models by them.
const { existsSync, renameSync, rmSync } = require("node:fs");
const { dirname, join } = require("node:path");

const packageFolder = join(dirname(require.resolve("@kubernetes/client-node")), "..");
const { version } = require(join(packageFolder, "package.json"));
const bundle = join(packageFolder, "..", "..", `.kubernetes-client-${version}-compact.cjs`);

function makeBundle() {
  const temporary = `${bundle}.${process.pid}`;
  try {
    require("esbuild").buildSync({
      entryPoints: [require.resolve("@kubernetes/client-node")],
      outfile: temporary,
      bundle: true,
      minifySyntax: true,
      minifyWhitespace: true,
      platform: "node",
      target: "node20",
      format: "cjs",
      logLevel: "error",
    });
    renameSync(temporary, bundle);
  } finally {
    rmSync(temporary, { force: true });
  }
}

if (!existsSync(bundle)) makeBundle();
module.exports = require(bundle);
