import pulumi from "@pulumi/eslint-plugin";
import tseslint from "typescript-eslint";
import retired from "./tools/lint/retired-phrases.cjs";

// No policy sees what the program does besides declaring resources.
const unseen =
  "no policy sees it: declare a resource that the policies know, or do it in verdict/ or cleanup/";
const processes = ["node:child_process", "child_process", "node:cluster", "node:worker_threads"];
const requests = ["node:http", "node:https", "node:net", "undici", "@kubernetes/client-node"];

/** The project's folders in the order of docs/architecture.md: each may import what stands before it. */
const folders = [
  "config",
  "kube",
  "manifests",
  "protocol",
  "policy",
  "components",
  "verdict",
  "cleanup",
  "report",
  "gitops",
  "tools",
  "commands",
  "test",
];

/**
 * Forbids a folder every import of others than those named.
 * @param {string} folder
 * @param {readonly string[]} allowed names of folders, or paths of single files without their ending
 */
function importsOf(folder, allowed) {
  const forbidden = folders.filter((name) => name !== folder && !allowed.includes(name));
  const exceptions = allowed.filter((path) => path.includes("/")).map((path) => `(?!${path}$)`);
  return {
    files: [`${folder}/**/*.ts`],
    rules: {
      "@typescript-eslint/no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              regex: `^(?:\\.\\./)+${exceptions.join("")}(?:${forbidden.join("|")})(?:/|$)`,
              message: `${folder}/ may import ${allowed.join(", ") || "no other folder"}: see docs/architecture.md`,
            },
          ],
        },
      ],
    },
  };
}

const base = ["config", "kube", "manifests", "protocol"];

export default tseslint.config(
  { ignores: ["node_modules/", "reports/", "docs/example/", "dist/"] },
  {
    files: ["**/*.ts", "index.cjs", "policy/**/*.cjs", "tools/**/*.cjs"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { "@pulumi": pulumi, local: { rules: { "retired-phrases": retired.rule } } },
    rules: {
      "local/retired-phrases": "error",
      "@pulumi/no-output-in-template-literal": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "max-lines": ["error", { max: 300, skipBlankLines: true, skipComments: true }],
      eqeqeq: "error",
      // The Kubernetes client declares its plain data as classes.
      "@typescript-eslint/no-unsafe-class-instance-assignment": "off",
    },
  },
  {
    files: ["**/*.cjs"],
    rules: {
      // CommonJS loads modules in this way, with types from JSDoc.
      "@typescript-eslint/no-require-imports": "off",
      "@typescript-eslint/unbound-method": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-return": "off",
    },
  },
  {
    files: [
      "*.ts",
      "components/**/*.ts",
      "config/**/*.ts",
      "manifests/**/*.ts",
      "kube/cluster-choice.ts",
      "policy/admission/*.ts",
    ],
    rules: {
      "no-restricted-imports": [
        "error",
        { paths: [...processes, ...requests].map((name) => ({ name, message: unseen })) },
      ],
      "no-restricted-syntax": [
        "error",
        {
          selector:
            "CallExpression[callee.property.name=/^(run|runOutput)$/][callee.object.name=/^(local|remote)$/]",
          message: unseen,
        },
        {
          selector:
            "CallExpression[callee.property.name=/^(run|runOutput)$/][callee.object.property.name=/^(local|remote)$/]",
          message: unseen,
        },
        {
          selector:
            "CallExpression[callee.property.name=/^(invoke|invokeOutput|call)$/][callee.object.name=/^(pulumi|runtime)$/]",
          message: unseen,
        },
        {
          selector:
            "CallExpression[callee.property.name=/^(invoke|invokeOutput|call)$/][callee.object.property.name='runtime']",
          message: unseen,
        },
        { selector: "MemberExpression[object.name='pulumi'][property.name='dynamic']", message: unseen },
        {
          selector: "MemberExpression[object.name='k8s'][property.name=/^(helm|yaml|kustomize)$/]",
          message: unseen,
        },
        {
          selector:
            "CallExpression[callee.property.name='get'][callee.object.type='MemberExpression'][callee.object.object.type='MemberExpression']",
          message: unseen,
        },
        {
          selector:
            "CallExpression[callee.name=/^(eval|require)$/], NewExpression[callee.name='Function'], ImportExpression",
          message: unseen,
        },
      ],
    },
  },
  {
    files: ["test/**/*.ts"],
    rules: { "local/retired-phrases": ["error", { beginnings: false }] },
  },
  importsOf("config", []),
  importsOf("kube", ["config", "manifests/common"]),
  importsOf("manifests", ["config"]),
  importsOf("protocol", ["config", "kube", "manifests"]),
  importsOf("policy", [...base, "tools"]),
  importsOf("components", [
    ...base,
    "policy",
    "cleanup/ownership",
    "tools/cluster/resolve-settings",
    "tools/setup/paths",
  ]),
  importsOf("verdict", base),
  importsOf("cleanup", base),
  importsOf("report", [...base, "verdict", "tools"]),
  importsOf("gitops", [...base, "policy", "tools", "commands/stack-name"]),
  importsOf("tools", [
    "config/settings",
    "kube/cluster-choice",
    "kube/files",
    "kube/wait",
    "manifests/common",
  ]),
  importsOf("commands", [...base, "verdict", "cleanup", "report", "tools"]),
);
