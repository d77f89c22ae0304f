import { join } from 'node:path'
import type { Store } from '@treeline/storage'
import { defaultAdmission } from '../admission/default-plugins.js'
import { clusterIps } from '../allocation/cluster-ips.js'
import { firstAddress } from '../allocation/ip-range.js'
import { defaultNodePorts, NodePorts } from '../allocation/node-ports.js'
import { serviceAllocation } from '../allocation/service-hooks.js'
import { authentication } from '../authentication/authentication.js'
import type { Authenticator } from '../authentication/authenticator.js'
import { bearerTokens } from '../authentication/bearer-token.js'
import { bootstrapTokens } from '../authentication/bootstrap-token.js'
import { clientCertificates } from '../authentication/client-certificate.js'
import { frontProxy } from '../authentication/front-proxy.js'
import { legacyServiceAccountTokens } from '../authentication/legacy-service-account-token.js'
import { type ServiceAccountIssuer, serviceAccountIssuer } from '../authentication/service-account-issuer.js'
import { serviceAccountTokens } from '../authentication/service-account-token.js'
import { firstDecision, masters } from '../authorization/authorization.js'
import { nodeAuthorizer } from '../authorization/node.js'
import { roleBasedAuthorizer } from '../authorization/rbac.js'
import type { ClusterAuthentication } from '../bootstrap/authentication-config-map.js'
import { bootstrapSteps } from '../bootstrap/bootstrap.js'
import { nodeRules } from '../bootstrap/rbac-objects.js'
import { type ClusterPki, openClusterPki } from '../pki/cluster-pki.js'
import { apiServerLeaf } from '../pki/leaf-requests.js'
import type { ApiInternals } from '../registry/internals.js'
import { type ApiServer, type Foundation, type ServerParts, startApiServer } from '../server.js'
import { authorizationFeeds } from './authorization-feeds.js'
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
  readonly now?: () => number
}

/** An API server with the authentication, authorization and admission of a whole cluster. */
export interface ClusterServer extends ApiServer {
  readonly pki: ClusterPki
}

/** The API server of a cluster: its own authorities, Node and RBAC authorization, upstream's default admission. */
export async function startClusterServer(options: ClusterServerOptions): Promise<ClusterServer> {
  const pki = await openClusterPki({ directory: join(options.directory, 'pki') })
  const serviceAddress = firstAddress(options.serviceCIDR)
  const serving = await pki.leaf('apiserver', apiServerLeaf({ serviceAddress, addresses: [options.host] }))
  const server = await startApiServer({
    store: options.store,
    listen: { host: options.host, port: options.port, tls: { key: serving.privateKey, cert: serving.certificate } },
    parts: (foundation) => clusterParts(foundation, pki, options),
    ...(options.now ? { now: options.now } : {}),
  })
  return { ...server, pki }
}

function clusterParts({ internals }: Foundation, pki: ClusterPki, options: ClusterServerOptions): ServerParts {
  const { now = Date.now } = options
  const issuer = serviceAccountIssuer({ issuers: [options.issuer], signingKey: pki.serviceAccountKey, now })
  const feeds = authorizationFeeds(internals)
  const authorizer = firstDecision([masters, nodeAuthorizer(feeds.nodeRelations, nodeRules()), roleBasedAuthorizer(feeds.roleRules)])
  const ips = clusterIps(internals, [options.serviceCIDR])
  const ports = new NodePorts(defaultNodePorts)
  const steps = bootstrapSteps({
    serviceCidrs: [options.serviceCIDR],
    serviceAddress: firstAddress(options.serviceCIDR),
    securePort: options.port,
    authentication: clusterAuthentication(pki),
    now,
  })
  return {
    authenticator: authenticatorOf(internals, pki, issuer, now),
    authorizer,
    admission: defaultAdmission(internals, authorizer, feeds.roleRules, now),
    hooks: [serviceAllocation(internals, ips, ports)],
    startup: startupSteps(steps, internals),
    close: () => feeds.close(),
  }
}

const frontProxyHeaders = {
  userHeaders: ['X-Remote-User'],
  groupHeaders: ['X-Remote-Group'],
  uidHeaders: [],
  extraPrefixes: ['X-Remote-Extra-'],
} as const

function authenticatorOf(internals: ApiInternals, pki: ClusterPki, issuer: ServiceAccountIssuer, now: () => number): Authenticator {
  const subjects = tokenSubjects(internals)
  return authentication({
    methods: [
      frontProxy({ authorities: [pki.frontProxyAuthority.certificate], allowedNames: ['front-proxy-client'], now }),
      clientCertificates([pki.authority.certificate], now),
      bearerTokens([
        serviceAccountTokens(issuer, subjects, now),
        legacyServiceAccountTokens(issuer, subjects),
        bootstrapTokens((name) => bootstrapTokenSecret(internals, name), issuer.audiences, now),
      ]),
    ],
    audiences: issuer.audiences,
    anonymous: true,
  })
}

function clusterAuthentication(pki: ClusterPki): ClusterAuthentication {
  return {
    clientAuthorities: pki.authority.certificate,
    frontProxy: { authorities: pki.frontProxyAuthority.certificate, allowedNames: ['front-proxy-client'], ...frontProxyHeaders },
  }
}
