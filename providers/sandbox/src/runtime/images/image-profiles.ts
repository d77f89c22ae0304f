/** What the main process of an image is when the pod gives no command, and where it listens. */
export interface ImageProfile {
  /**
   * `server` runs until stopped. `shell` has a shell as its entry point and the usual small commands. `task` prints a
   * line and ends well whatever its command.
   */
  readonly kind: 'server' | 'shell' | 'task'
  /** Ports it listens on whether declared or not. */
  readonly ports: readonly number[]
}

const shell: ImageProfile = { kind: 'shell', ports: [] }
const task: ImageProfile = { kind: 'task', ports: [] }
const server = (...ports: number[]): ImageProfile => ({ kind: 'server', ports })

const profiles: Readonly<Record<string, ImageProfile>> = {
  alpine: shell,
  bash: shell,
  busybox: shell,
  'busybox-curl': shell,
  curl: shell,
  debian: shell,
  fedora: shell,
  'jessie-dnsutils': shell,
  toolbox: shell,
  ubuntu: shell,
  'hello-world': task,
  perl: task,
  pi: task,
  agnhost: server(),
  caddy: server(80),
  echoserver: server(8080),
  'hello-app': server(8080),
  httpd: server(80),
  memcached: server(11211),
  mysql: server(3306),
  nginx: server(80),
  'nginx-slim': server(80),
  pause: server(),
  podinfo: server(9898),
  postgres: server(5432),
  redis: server(6379),
  whoami: server(80),
}

/** Any image that is not known is a server on its declared ports. */
export function profileOf(baseName: string): ImageProfile {
  return (Object.hasOwn(profiles, baseName) ? profiles[baseName] : undefined) ?? server()
}
