import { serveProvider } from "../rpc/serve-provider";
import { commandProvider } from "./command";

serveProvider(commandProvider());
