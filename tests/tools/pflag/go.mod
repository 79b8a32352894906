module kubectl-svc.test/tools/pflag

go 1.26.0

// The versions that kubectl 1.36.4 is built with (../kubernetes/go.mod).
require (
	github.com/spf13/cobra v1.10.2
	github.com/spf13/pflag v1.0.9
	k8s.io/klog/v2 v2.140.0
)

require (
	github.com/go-logr/logr v1.4.3 // indirect
	github.com/inconshreveable/mousetrap v1.1.0 // indirect
)
