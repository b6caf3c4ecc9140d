// What the submodule `aws` has: jsii finds the names of a submodule by `export *` alone, so these files export nothing else.
export * from './cluster-access';
export * from './cluster-network';
export * from './endpoint-access';
export * from './nat-gateways';
export * from './serving-cluster';
export * from './serving-cluster-props';
export * from './state-backend';
export * from './system-nodes-options';
