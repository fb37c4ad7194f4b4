import { serveProvider } from "../rpc/serve-provider";
import { kubernetesProvider } from "./resources";

serveProvider(kubernetesProvider());
