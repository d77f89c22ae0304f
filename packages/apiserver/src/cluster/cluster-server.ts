import { join } from 'node:path'
import { builtinKinds } from '@treeline/api'
import { compactPeriodically, type Store } from '@treeline/storage'
import { defaultAdmission } from '../admission/default-plugins.js'
import { clusterIps } from '../allocation/cluster-ips.js'
import { firstAddress } from '../allocation/ip-range.js'
import { defaultNodePorts, NodePorts } from '../allocation/node-ports.js'
import { serviceAllocation } from '../allocation/service-hooks.js'
import type { RequestAuthenticator } from '../authentication/attempt.js'
import { authentication } from '../authentication/authentication.js'
import type { UserInfo } from '../authentication/authenticator.js'
import { bearerTokens } from '../authentication/bearer-token.js'
import { bootstrapTokens } from '../authentication/bootstrap-token.js'
import { clientCertificates } from '../authentication/client-certificate.js'
import { frontProxy } from '../authentication/front-proxy.js'
import { legacyServiceAccountTokens } from '../authentication/legacy-service-account-token.js'
import { openIdDocuments } from '../authentication/openid-documents.js'
import { type ServiceAccountIssuer, serviceAccountIssuer } from '../authentication/service-account-issuer.js'
import { serviceAccountTokens } from '../authentication/service-account-token.js'
import { staticTokens } from '../authentication/static-token.js'
import { firstDecision, masters } from '../authorization/authorization.js'
import { nodeAuthorizer } from '../authorization/node.js'
import { roleBasedAuthorizer } from '../authorization/rbac.js'
import type { ClusterAuthentication } from '../bootstrap/authentication-config-map.js'
import { bootstrapSteps } from '../bootstrap/bootstrap.js'
import { nodeRules } from '../bootstrap/rbac-objects.js'
import { kindsWithDefinitions, serveCustomResources } from '../customresources/custom-resources.js'
import type { KeyPair } from '../pki/certificate-issue.js'
import { type ClusterPki, openClusterPki } from '../pki/cluster-pki.js'
import { apiServerLeaf, kubeletClientLeaf } from '../pki/leaf-requests.js'
import type { ApiInternals } from '../registry/internals.js'
import { type ApiServer, type Foundation, type ServerParts, startApiServer } from '../server.js'
import { allSubresources } from '../subresources/all-subresources.js'
import { type AddressRule, unicastOnly } from '../subresources/proxy/addresses.js'
import { Backends } from '../subresources/proxy/backend.js'
import { advertisedAddress } from '../upkeep/advertised-address.js'
import { clusterUpkeep } from '../upkeep/upkeep.js'
import { authorizationFeeds } from './authorization-feeds.js'
import { cachedKinds } from './cached-kinds.js'
import { serveOpenId } from './serve-open-id.js'
import { startupSteps } from './startup-steps.js'
import { bootstrapTokenSecret, tokenSubjects } from './token-subjects.js'

export interface ClusterServerOptions {
  readonly store: Store
  /** Keys and certificates are kept in `pki` below it. */
  readonly directory: string
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  /** `--service-cluster-ip-range` */
  readonly serviceCIDR: string
  /** `--service-account-issuer` */
  readonly issuer: string
  /** Fixed tokens and their users, as of `--token-auth-file`. */
  readonly tokens?: ReadonlyMap<string, UserInfo>
  /** Where the rest of the cluster reaches the server; from `host` when absent. */
  readonly advertiseAddress?: string
  /** Which pods and nodes the proxy subresources may reach; addresses of the network when absent. */
  readonly mayReach?: AddressRule
  /** Hold kubelets' serving certificates against the cluster's authority. */
  readonly verifyKubelets?: boolean
  readonly now?: () => number
  /** Learns of background work that failed and will be tried again; a warning of the process when absent. */
  readonly report?: (error: Error) => void
}

/** An API server with the authentication, authorization and admission of a whole cluster. */
export interface ClusterServer extends ApiServer {
  readonly pki: ClusterPki
}

/** The API server of a cluster: its own authorities, Node and RBAC authorization, upstream's default admission. */
export async function startClusterServer(options: ClusterServerOptions): Promise<ClusterServer> {
  const pki = await openClusterPki({ directory: join(options.directory, 'pki') })
  const serviceAddress = firstAddress(options.serviceCIDR)
  const address = options.advertiseAddress ?? advertisedAddress(options.host)
  const addresses = address === undefined || address === options.host ? [options.host] : [options.host, address]
  const [serving, kubeletClient] = await Promise.all([
    pki.leaf('apiserver', apiServerLeaf({ serviceAddress, addresses })),
    pki.leaf('apiserver-kubelet-client', kubeletClientLeaf),
  ])
  const server = await startApiServer({
    store: options.store,
    kinds: kindsWithDefinitions(builtinKinds),
    listen: { host: options.host, port: options.port, tls: { key: serving.privateKey, cert: serving.certificate } },
    parts: (foundation) => clusterParts(foundation, pki, kubeletClient, address, options),
    ...(options.now ? { now: options.now } : {}),
  })
  return { ...server, pki }
}

async function clusterParts(
  { internals, kinds, stores, port }: Foundation,
  pki: ClusterPki,
  kubeletClient: KeyPair,
  address: string | undefined,
  options: ClusterServerOptions,
): Promise<ServerParts> {
  const { now = Date.now, report = (error: Error) => process.emitWarning(error) } = options
  await Promise.all(cachedKinds.map((kind) => internals.store(kind).ready))
  const issuer = serviceAccountIssuer({ issuers: [options.issuer], signingKey: pki.serviceAccountKey, now })
  const feeds = authorizationFeeds(internals)
  const authorizer = firstDecision([masters, nodeAuthorizer(feeds.nodeRelations, nodeRules()), roleBasedAuthorizer(feeds.roleRules)])
  const methods = authenticationMethods(internals, pki, issuer, options, now)
  const ips = clusterIps(internals, [options.serviceCIDR])
  const ports = new NodePorts(defaultNodePorts)
  const backends = new Backends()
  const upkeep = clusterUpkeep({ internals, store: options.store, ips, ports, address, port, now })
  const steps = bootstrapSteps({
    serviceCidrs: [options.serviceCIDR],
    serviceAddress: firstAddress(options.serviceCIDR),
    securePort: port,
    authentication: clusterAuthentication(pki),
    publishAddress: upkeep.publishAddress,
    now,
  })
  const customResources = await serveCustomResources({ internals, kinds, stores, now, report })
  const stopCompacting = compactPeriodically(options.store, { report })
  const kubeletTls = { cert: kubeletClient.certificate, key: kubeletClient.privateKey }
  return {
    authenticator: authentication({ methods, audiences: issuer.audiences, anonymous: true }),
    authorizer,
    admission: defaultAdmission(internals, authorizer, feeds.roleRules, now),
    subresources: allSubresources({
      authorizer,
      roleRules: feeds.roleRules,
      methods,
      issuer,
      backends,
      kubelets: { tls: options.verifyKubelets ? { ...kubeletTls, ca: pki.authority.certificate } : kubeletTls },
      mayReach: options.mayReach ?? unicastOnly,
      now,
    }),
    hooks: [serviceAllocation(internals, ips, ports)],
    paths: [serveOpenId(() => openIdDocuments(issuer, `${options.host}:${port()}`))],
    startup: startupSteps([...steps, ...upkeep.steps], internals),
    async close() {
      await upkeep.close()
      stopCompacting()
      feeds.close()
      backends.close()
      await customResources.close()
    },
  }
}

const frontProxyHeaders = {
  userHeaders: ['X-Remote-User'],
  groupHeaders: ['X-Remote-Group'],
  uidHeaders: [],
  extraPrefixes: ['X-Remote-Extra-'],
} as const

function authenticationMethods(
  internals: ApiInternals,
  pki: ClusterPki,
  issuer: ServiceAccountIssuer,
  options: ClusterServerOptions,
  now: () => number,
): readonly RequestAuthenticator[] {
  const subjects = tokenSubjects(internals)
  return [
    frontProxy({ authorities: [pki.frontProxyAuthority.certificate], allowedNames: ['front-proxy-client'], now }),
    clientCertificates([pki.authority.certificate], now),
    bearerTokens([
      ...(options.tokens ? [staticTokens(options.tokens, issuer.audiences)] : []),
      serviceAccountTokens(issuer, subjects, now),
      legacyServiceAccountTokens(issuer, subjects),
      bootstrapTokens((name) => bootstrapTokenSecret(internals, name), issuer.audiences, now),
    ]),
  ]
}

function clusterAuthentication(pki: ClusterPki): ClusterAuthentication {
  return {
    clientAuthorities: pki.authority.certificate,
    frontProxy: { authorities: pki.frontProxyAuthority.certificate, allowedNames: ['front-proxy-client'], ...frontProxyHeaders },
  }
}
