package mail

import "crypto/x509"

// Trust makes the certificates of a test's mail server good.
func (s *SMTP) Trust(roots *x509.CertPool) { s.tls.RootCAs = roots }
