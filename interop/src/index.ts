export { eventually, type Kubectl, kubectlOf } from './main-job/kubectl.js'
export { findPeer } from './peers/build.js'
export { missingPeers, startUpstream, type Upstream, type UpstreamOptions } from './upstream/upstream.js'
