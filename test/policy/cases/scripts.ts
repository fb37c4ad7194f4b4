import { gzipSync } from "node:zlib";
import type { Case } from "./case";
import { foreignTest, ordinary } from "./fixtures";
import { other, rights, seen } from "./other";

/** "Bidirectional", as no search for that word finds it. */
const hidden = [
  "apiVersion: v1",
  "kind: Pod",
  "metadata: {name: x, namespace: default}",
  "spec:",
  "  containers:",
  "  - name: c",
  "    image: docker.io/library/nginx:1.29",
  "    volumeMounts: [{name: v, mountPath: /m, mountPropagation: !!binary QmlkaXJlY3Rpb25hbA==}]",
  "  volumes: [{name: v, hostPath: {path: /srv}}]",
].join("\n");
const plain = hidden.replace("!!binary QmlkaXJlY3Rpb25hbA==", "None");

/** The bridge in two parts, of which neither names it. */
const composed = JSON.stringify(
  ordinary({
    containers: [
      {
        name: "c",
        image: "nginx:1.29",
        volumeMounts: [{ name: "v", mountPath: "/m", subPath: "fuse-test-bridge" }],
      },
    ],
    volumes: [{ name: "v", hostPath: { path: "/tmp" } }],
  }),
);

const base64 = (text: string): string => Buffer.from(text).toString("base64");
const lines = (text: string): string => text.replaceAll(/(.{76})/g, "$1\n");

/** Scripts that give a manifest to a program, by the manifest. */
const ways: Readonly<Record<string, (manifest: string) => string>> = {
  "by a here document without an end": (text) => `kubectl apply -f - <<E\n${text}`,
  "by a here document whose word has a dash": (text) => `kubectl apply -f - <<E-F\n${text}\nE-F\n`,
  "by a here document whose word has a dot": (text) => `kubectl apply -f - <<'a.yaml'\n${text}\na.yaml\n`,
  "by a here document whose word is escaped": (text) => `kubectl apply -f - <<\\E\n${text}\nE\n`,
  "by a here document whose word is two": (text) => `kubectl apply -f - <<"END OF IT"\n${text}\nEND OF IT\n`,
  "by a here document whose word is a mark": (text) => `kubectl apply -f - <<!\n${text}\n!\n`,
  "by the second here document of a line": (text) =>
    `cat <<A >/dev/null; kubectl apply -f - <<B\nnothing: [\nA\n${text}\nB\n`,
  "by a here document after a comment that looks like one": (text) =>
    `# <<E of old\nkubectl apply -f - <<E\n${text}\nE\n`,
  "by a here document in another one": (text) => `sh <<A\nset -e\nkubectl apply -f - <<B\n${text}\nB\nA\n`,
  "by a here document after a shift of bits": (text) => `x=$((1 << n))\nkubectl apply -f - <<E\n${text}\nE\n`,
  "by a here document with lines of Windows": (text) =>
    `kubectl apply -f - <<E\r\n${text.replaceAll("\n", "\r\n")}\r\nE\r\n`,
  "by a here document with an indented line like its end": (text) =>
    `kubectl apply -f - <<E\nx: |\n  E\n---\n${text}\nE\n`,
  "in quotation marks": (text) => `echo '${text.replaceAll("'", "")}' | kubectl apply -f -`,
  "in double quotation marks": (text) => `echo ${JSON.stringify(text)} | kubectl apply -f -`,
  "in a variable": (text) => `manifest='${text}'\nkubectl apply -f - <<<"$manifest"\n`,
  "after an apostrophe in a comment": (text) =>
    `# it's old\necho "${text.replaceAll('"', '\\"')}" | kubectl apply -f -`,
  "with the escapes of printf": (text) => `printf '${text.replaceAll("\n", "\\n")}' | kubectl apply -f -`,
  "in Base64": (text) => `echo ${base64(text)} | base64 -d | kubectl apply -f -`,
  "in Base64 that is compressed": (text) =>
    `echo ${gzipSync(text).toString("base64")} | base64 -d | gunzip | kubectl apply -f -`,
  "in Base64 in quotation marks": (text) => `kubectl apply -f <(base64 -d <<<"${base64(text)}")`,
  "in Base64 in lines of a here document": (text) =>
    `base64 -d <<E | kubectl apply -f -\n${lines(base64(text))}\nE\n`,
  "by a URI of data": (text) => `curl -s data:application/yaml;base64,${base64(text)} | kubectl apply -f -`,
  "in Base64 by Python": (text) =>
    `python3 -c 'import base64,os; os.write(1, base64.b64decode("${base64(text)}"))'`,
};

/** Commands with parts of a FUSE test, in spellings that a search for its words would miss. */
const commands: Readonly<Record<string, string>> = {
  "overrides of a run": `kubectl run x --image=nginx --overrides='${composed}'`,
  "overrides of a run in double quotes": `kubectl run x --image=nginx --overrides=${JSON.stringify(composed)}`,
  "a patch of two parts": `kubectl patch deployment x -p '{"spec":{"template":${composed}}}'`,
  "a value after a quoted mark of a comment":
    "helm install x y --set 'note=a #b' --set 'm[0].mountPropagation=Bidirectional'",
  "the bridge with many slashes": "mount --bind /srv ////tmp/././/fuse-test-bridge",
  "the device with many slashes": "docker run --device //dev//.//fuse x",
  "a script in Base64": `echo ${base64("set -eu\ndocker run --rm --device /dev/fuse alpine sh\n")} | base64 -d | sh`,
  "a template in Base64": `echo ${base64(`{{ if .x }}\n${JSON.stringify(ordinary(foreignTest))}\n{{ end }}`)} | base64 -d`,
  "more here documents than are read": `${"cat <<E\nkind: x\nE\n".repeat(201)}kubectl apply -f - <<E\n${hidden}\nE\n`,
};

const allowed = { organization: "allowed" } as const;

function command(title: string, create: string, more: Partial<Case> = {}): Case {
  return other(title, "command:local:Command", { create }, { ...rights, ...more });
}

/** Scripts of more than a hundred lines, and words that resemble other syntax: all of them harmless. */
const harmless: Readonly<Record<string, string>> = {
  "a hash of Git and a checksum": `git checkout ${"0123456789abcdef".repeat(2)}01234567 && echo ${"ab".repeat(32)}  x | sha256sum -c`,
  "a key of SSH": `echo 'ssh-ed25519 ${base64("a public key that is long enough to be one")} me@example.com' >> keys`,
  "arguments in JSON": `curl -d '{"name":"x","volumes":["/srv"]}' https://example.com`,
  "a shift of bits": "python3 -c 'print(1 << 10)'; echo $((1<<3))",
  "a comment that speaks of it": "# never mountPropagation: Bidirectional\nkubectl apply -f app.yaml",
  "a template of Go": "kubectl get pods -o go-template='{{range .items}}{{.metadata.name}}{{end}}'",
  "a query": "kubectl get pods -o jsonpath='{.items[*].spec.volumes[?(@.hostPath)].name}'",
  "a program of jq": `kubectl get pods -o json | jq '.items[] | {name: .metadata.name, kind: "Pod"}'`,
  "an apostrophe": "# it's only a comment\necho \"don't: do it\"",
};

/** Scripts and the texts that they give to programs. */
export const scripts: readonly Case[] = [
  ...Object.entries(ways).flatMap(([how, script]) => [
    command(`a script with a FUSE test ${how}`, script(hidden)),
    other(
      `a CronJob's script in a chart with a FUSE test ${how}`,
      "kubernetes:helm.sh/v3:Release",
      { chart: "x", values: { hook: { script: script(hidden) } } },
      seen,
    ),
    command(`a script with a manifest ${how}`, script(plain), allowed),
  ]),
  ...Object.entries(commands).map(([what, create]) => command(`a script with ${what}`, create)),
  ...Object.entries(harmless).map(([what, create]) => command(`a script with ${what}`, create, allowed)),
];
