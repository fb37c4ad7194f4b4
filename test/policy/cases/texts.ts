import { gzipSync } from "node:zlib";
import { bothAllow, type Case } from "./case";
import { foreignTest, nginx, ordinary, producer } from "./fixtures";
import { other, rights, seen } from "./other";

/** "Bidirectional". */
const binary = "!!binary QmlkaXJlY3Rpb25hbA==";

const lines = (...text: readonly string[]): string => text.join("\n");
const pod = (propagation: string) =>
  lines(
    "apiVersion: v1",
    "kind: Pod",
    "metadata: {name: x, namespace: default}",
    "spec:",
    "  containers:",
    "  - name: c",
    "    image: docker.io/library/nginx:1.29",
    "    volumeMounts:",
    "    - name: v",
    "      mountPath: /m",
    ...propagation.split("\n").map((line) => `      ${line}`),
    "  volumes: [{name: v, hostPath: {path: /srv}}]",
  );

/** A FUSE test in a manifest of text, in every spelling of YAML and JSON. */
const texts: Readonly<Record<string, string>> = {
  plain: pod("mountPropagation: Bidirectional"),
  "with a tag": pod("mountPropagation: !!str Bidirectional"),
  "with a tag of its own": pod("mountPropagation: !x Bidirectional"),
  "in binary": pod("mountPropagation: !!binary QmlkaXJlY3Rpb25hbA=="),
  folded: pod("mountPropagation: >-\n  Bidirectional"),
  literal: pod("mountPropagation: |-\n  Bidirectional"),
  "on the next line": pod("mountPropagation:\n  Bidirectional"),
  "after a comment": pod("mountPropagation: # none\n  Bidirectional"),
  quoted: pod("'mountPropagation': \"Bidirectional\""),
  escaped: pod('mountPropagation: "Bidirec\\u0074ional"'),
  "escaped by two digits": pod('"mountPr\\x6fpagation": "Bi\\x64irectional"'),
  "broken in a quotation": pod('mountPropagation: "Bidirec\\\n  tional"'),
  "as a complex key": pod("? mountPropagation\n: Bidirectional"),
  "by an alias": `x: &p Bidirectional\n${pod("mountPropagation: *p")}`,
  "by a merge": `x: &p {mountPropagation: Bidirectional}\n${pod("<<: *p")}`,
  "after another document": `a: 1\n---\n${pod("mountPropagation: Bidirectional")}`,
  "in JSON": JSON.stringify(ordinary(foreignTest)),
  "in JSON with escapes": JSON.stringify(ordinary(foreignTest)).replace(
    "Bidirectional",
    "\\u0042idirectional",
  ),
  "in JSON in JSON": JSON.stringify({ a: JSON.stringify({ b: JSON.stringify(ordinary(foreignTest)) }) }),
  "in YAML in YAML": `outer: |\n${pod("mountPropagation: !!str Bidirectional").replaceAll(/^/gm, "  ")}`,
  "in a template": `{{- if .Values.x }}\n${pod("mountPropagation: Bidirectional")}\n{{- end }}`,
  "in a template with a tag": `{{- if .Values.x }}\n${pod("mountPropagation: !!str Bidirectional")}\n{{- end }}`,
  "in a script": `set -eu\nkubectl apply -f - <<'E'\n${pod("mountPropagation: Bidirectional")}\nE\n`,
  "with lines of Windows": pod("mountPropagation: Bidirectional").replaceAll("\n", "\r\n"),
  "after a mark of byte order": `\ufeff${pod("mountPropagation: Bidirectional")}`,
  "after a directive": `%YAML 1.1\n---\n${pod("mountPropagation: Bidirectional")}`,
  "by a list of merges": `x: &p {mountPropagation: Bidirectional}\n${pod("<<: [*p]")}`,
  "with more aliases than are read": `p: &p Bidirectional\nx: [${Array<string>(1500).fill("*p").join(", ")}]\n${pod("mountPropagation: *p")}`,
  "that is deeper than is read": `x: ${"[".repeat(250)}${"]".repeat(250)}\n${pod(`mountPropagation: ${binary}`)}`,
  "in a template by a value": `{{ if .x }}\n${pod("mountPropagation: {{ .Values.x }}")}\n{{ end }}`,
  "in a template with an alias": `{{ if .x }}\np: &p Bidirectional\n${pod("mountPropagation: *p")}\n{{ end }}`,
  "in a template in binary": `{{- if .x }}\n${pod(`mountPropagation: ${binary}`)}\n{{- end }}`,
  "in a template with values": `{{- if .x }}\n${pod(`mountPropagation: ${binary}`).replace("name: x", "name: {{ .Values.name }}")}\n{{- end }}`,
  "in a script in binary": `set -eu\nkubectl apply -f - <<-'END'\n${pod(`mountPropagation: ${binary}`)}\nEND\necho "done"\n`,
  "in Base64": Buffer.from(pod("mountPropagation: Bidirectional")).toString("base64"),
  "in Base64 in lines, twice": Buffer.from(
    Buffer.from(pod("mountPropagation: Bidirectional")).toString("base64"),
  )
    .toString("base64")
    .replaceAll(/(.{76})/g, "$1\n"),
  "that is compressed, in Base64": gzipSync(pod("mountPropagation: Bidirectional")).toString("base64"),
  "in another language": 'container { volume_mount {\n mount_propagation = "Bidirectional"\n} }',
  "as a patch of JSON":
    "- op: add\n  path: /spec/containers/0/volumeMounts/0/mountPropagation\n  value: Bidirectional\n",
  "as a patch of JSON with the bridge":
    "- op: replace\n  path: /spec/volumes/0/hostPath/path\n  value: /proc/1/root/tmp/fuse-test-bridge\n",
  "as a patch of JSON with a part":
    "- op: add\n  path: /spec/containers/0/volumeMounts/0/subPath\n  value: fuse-test-bridge\n",
  "as a patch in an expression":
    '[JSONPatch{op: "add", path: "/spec/containers/0/volumeMounts/0/mountPropagation", value: "Bidirectional"}]',
  "as a value of a command": "helm install x y --set 'mounts[0].mountPropagation=Bidirectional'",
  "in a template with the bridge through a process":
    "{{ x }}\nhostPath: {path: /proc/self/root/tmp/fuse-test-bridge}\n",
  "with the bridge": lines(
    "kind: Pod",
    "apiVersion: v1",
    "spec: {volumes: [{name: v, hostPath: {path: /tmp/./fuse-test-bridge}}]}",
  ),
  "with the bridge in parts": lines(
    "kind: Pod",
    "apiVersion: v1",
    "spec:",
    "  containers: [{name: c, volumeMounts: [{name: v, subPath: fuse-test-bridge}]}]",
    "  volumes: [{name: v, hostPath: {path: /tmp}}]",
  ),
};

const harmless: Readonly<Record<string, string>> = {
  "with another propagation": pod("mountPropagation: HostToContainer"),
  "that only speaks of it in a comment": pod("# not mountPropagation: Bidirectional, and not /dev/fuse"),
  "in Base64": Buffer.from(pod("mountPropagation: HostToContainer")).toString("base64"),
  "in a template": `{{ if .x }}\n${pod("mountPropagation: None").replace("name: x", "name: {{ .Values.x }}")}\n{{ end }}`,
  "in a script": `kubectl apply -f - <<E\n${pod("mountPropagation: None")}\nE\n`,
  "as a patch of JSON":
    "- op: add\n  path: /spec/containers/0/volumeMounts/0/mountPropagation\n  value: HostToContainer\n",
  "as a patch of JSON with a directory": "- op: add\n  path: /spec/volumes/0/hostPath/path\n  value: /srv\n",
  "that is no manifest, and deeper than is read": `${"[".repeat(250)}${"]".repeat(250)}`,
  "that is no manifest": "mountPropagation must not be Bidirectional: see the documentation",
};

/** Manifests in texts. */
export const inText: readonly Case[] = [
  ...Object.entries(texts).flatMap(([how, yaml]) => [
    other(`a FUSE test in a manifest ${how}`, "kubernetes:yaml/v2:ConfigGroup", { yaml }, seen),
    other(
      `a FUSE test in a command's manifest ${how}`,
      "command:local:Command",
      { create: "kubectl apply -f -", stdin: yaml },
      rights,
    ),
  ]),
  ...Object.entries(harmless).map(([how, yaml]) =>
    other(
      `a manifest ${how}`,
      "kubernetes:yaml/v2:ConfigGroup",
      { yaml },
      { ...seen, organization: "allowed" },
    ),
  ),
  other(
    "a ConfigMap with a manifest of a FUSE test",
    "kubernetes:core/v1:ConfigMap",
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "c", namespace: "default" },
      data: { "pod.yaml": texts.plain },
    },
    bothAllow,
  ),
  other(
    "the producer in a list",
    "kubernetes:core/v1:PodList",
    { apiVersion: "v1", kind: "PodList", items: [producer] },
    seen,
  ),
  other(
    "a list of ordinary pods",
    "kubernetes:core/v1:PodList",
    { apiVersion: "v1", kind: "PodList", items: [ordinary({ containers: [nginx] })] },
    { ...seen, organization: "allowed" },
  ),
];
