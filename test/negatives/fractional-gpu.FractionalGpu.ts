import { Gpu, InstanceSize } from '../../lib';

InstanceSize.of({ gpu: Gpu.NVIDIA_L4, gpuCount: 0.5 });
