import { createServer, type Server } from "node:http";

/** Binds a server to loopback, which nobody else can reach, and gives its address. Port 0 picks a free one. */
export async function listen(server: Server, port: number, option: string): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const reason =
        error.code === "EADDRINUSE"
          ? `port ${port} is in use; choose another with ${option} (0 picks a free one)`
          : error.code === "EACCES"
            ? `this user may not listen on port ${port}; choose another with ${option}`
            : error.message;
      reject(new Error(reason));
    });
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error(`expected ${option} to be a TCP port`);
  return `http://127.0.0.1:${address.port}`;
}

/** @throws Error in one line when a port cannot be listened on */
export async function refusePortInUse(port: number, option: string): Promise<void> {
  if (port === 0) return;
  const trial = createServer();
  await listen(trial, port, option);
  await new Promise((resolve) => trial.close(resolve));
}
