module kubectl-svc.test/tools/gourls

go 1.26.0
