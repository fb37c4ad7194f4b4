import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import type { RequestListener } from "node:http";
import { join } from "node:path";
import { ENGINE_VERSION } from "../../../tools/setup/paths";
import { writeProgram } from "./programs";

/** An archive laid out like the official one, whose engine notes what it is asked for. */
export function makeArchive(folder: string, status = 0): Buffer {
  const release = join(folder, "release");
  writeProgram(
    join(release, "pulumi", "pulumi"),
    `echo "$PULUMI_HOME $*" >> "${join(folder, "asked")}"`,
    ...(status === 0
      ? [
          'plugin="$PULUMI_HOME/plugins/resource-$4-v$5"',
          'mkdir -p "$plugin" && echo official > "$plugin/pulumi-resource-$4"',
        ]
      : [`exit ${status}`]),
  );
  writeProgram(join(release, "pulumi", "pulumi-language-nodejs"), "exit 0");
  const file = join(folder, "archive.tar.gz");
  assert.equal(spawnSync("tar", ["-czf", file, "-C", release, "pulumi"]).status, 0);
  return readFileSync(file);
}

/** A release server that has one archive, of one platform, with a published checksum. */
export function release(
  archive: Buffer,
  published: string,
  platform: string = process.platform,
): RequestListener {
  const name = `pulumi-v${ENGINE_VERSION}-${platform}-${process.arch}.tar.gz`;
  return (request, answer) => {
    if (request.url === `/${name}`) answer.end(archive);
    else if (request.url === `/pulumi-${ENGINE_VERSION}-checksums.txt`) answer.end(`${published}  ${name}\n`);
    else answer.writeHead(404).end();
  };
}
