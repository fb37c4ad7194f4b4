export {
  ENGINE_VERSION,
  KUBERNETES_VERSION,
  backendFolder,
  cacheHome,
  engineRecord,
  kubernetesBin,
  pulumiHome,
  stateHome,
} from "../paths";
