import { Gpu, InstanceSize } from '../../lib';

InstanceSize.of({ gpu: Gpu.NVIDIA_H100, gpuCount: 16 });
