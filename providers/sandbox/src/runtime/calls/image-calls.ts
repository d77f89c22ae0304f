import type { MessageInitShape } from '@bufbuild/protobuf'
import type { ImageSchema, RuntimeImplementation } from '@treeline/cri'
import type { SimulatedImage } from '../images/image-store.js'
import type { NodeState } from '../node-state.js'
import { nanoseconds } from '../simulated-pod.js'

type ImageCalls = Pick<RuntimeImplementation, 'listImages' | 'imageStatus' | 'pullImage' | 'removeImage' | 'imageFsInfo'>

export function imageCalls(state: NodeState): ImageCalls {
  return {
    async listImages({ filter }) {
      const name = filter?.image?.image
      const found = name === undefined || name === '' ? state.images.list() : [state.images.find(name)]
      return { images: found.flatMap((image) => (image === undefined ? [] : [imageMessage(image)])) }
    },

    async imageStatus({ image }) {
      const found = state.images.find(image?.image ?? '')
      return found === undefined ? {} : { image: imageMessage(found) }
    },

    async pullImage({ image }, { signal }) {
      return { imageRef: (await state.images.pull(image?.image ?? '', signal)).id }
    },

    async removeImage({ image }) {
      state.images.remove(image?.image ?? '')
      return {}
    },

    async imageFsInfo() {
      const usedBytes = state.images.list().reduce((sum, image) => sum + image.size, 0)
      const usage = {
        timestamp: nanoseconds(),
        fsId: { mountpoint: '/var/lib/sandbox/images' },
        usedBytes: { value: BigInt(usedBytes) },
        inodesUsed: { value: BigInt(state.images.list().length) },
      }
      return { imageFilesystems: [usage], containerFilesystems: [usage] }
    },
  }
}

function imageMessage({ id, repoTags, repoDigests, size }: SimulatedImage): MessageInitShape<typeof ImageSchema> {
  return { id, repoTags: [...repoTags], repoDigests: [...repoDigests], size: BigInt(size), uid: { value: 0n } }
}
