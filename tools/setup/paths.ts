export {
  ENGINE_VERSION,
  KUBERNETES_VERSION,
  cacheHome,
  engineRecord,
  kubernetesBin,
  pulumiHome,
  stateHome,
} from "../paths";
