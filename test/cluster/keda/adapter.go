package main

import (
	"flag"

	grpcprom "github.com/grpc-ecosystem/go-grpc-middleware/providers/prometheus"
	"github.com/kedacore/keda/v2/pkg/metricsservice"
	kedaprovider "github.com/kedacore/keda/v2/pkg/provider"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"
	basecmd "sigs.k8s.io/custom-metrics-apiserver/pkg/cmd"
)

// adapter is upstream's cmd/adapter without its /metrics, which listens on
// every address. The client that it would give the provider is never used.
func adapter(args []string) error {
	ctx := ctrl.SetupSignalHandler()
	ctrl.SetLogger(zap.New())
	cmd := &basecmd.AdapterBase{Name: "keda-adapter"}
	service := cmd.Flags().String("metrics-service-address", "", "of the operator's gRPC server")
	cmd.Flags().AddGoFlagSet(flag.CommandLine)
	if err := cmd.Flags().Parse(args); err != nil {
		return err
	}
	certificates := cmd.SecureServing.ServerCert.CertDirectory
	metrics := grpcprom.NewClientMetrics()
	client, err := metricsservice.NewGrpcClient(ctx, *service, certificates, "", "", metrics, false)
	if err != nil {
		return err
	}
	cmd.WithExternalMetrics(kedaprovider.NewProvider(ctx, ctrl.Log, nil, *client))
	return cmd.Run(ctx)
}
