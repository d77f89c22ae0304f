export { Cluster, type ClusterOptions, DirectoryHeldError } from './cluster/cluster.js'
