"""How a cluster is reached: kubeconfig, TLS, HTTP and the API calls themselves. All network I/O happens here."""
