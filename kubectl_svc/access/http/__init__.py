"""HTTP to one server: the connection, its TLS, proxies on the way, requests and answers, and plain URLs."""
