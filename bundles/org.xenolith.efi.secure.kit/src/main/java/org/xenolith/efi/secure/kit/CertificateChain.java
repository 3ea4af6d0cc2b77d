// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.secure.kit;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.cert.X509CertificateHolder;

/** A signer's certificate and those above it, as far as the signature brings them. Dates aren't looked at: firmware has no clock that it could trust. */
public final class CertificateChain {
  /** Certificates that a signature may bring. */
  public static final int MOST = 16;

  private final List<X509CertificateHolder> certificates = new ArrayList<>();

  /**
   * Finds the certificates above a signer's.
   *
   * @param signer his certificate
   * @param others those that the signature brings, {@link #MOST} at most
   */
  public CertificateChain(X509CertificateHolder signer, List<X509CertificateHolder> others) {
    certificates.add(signer);
    for (int i = 0; i < certificates.size(); i++) {
      X509CertificateHolder below = certificates.get(i);
      others.stream().filter(issuer -> !certificates.contains(issuer) && CertificateKeys.issued(issuer, below)).toList().forEach(
          certificates::add);
    }
  }

  /** The signer's certificate first. */
  public List<X509CertificateHolder> certificates() {
    return List.copyOf(certificates);
  }

  /** The first of these that is in the chain, or has issued one that is. @param anchors certificates in DER; what is none is nobody's */
  public Optional<X509CertificateHolder> anchor(List<byte[]> anchors) {
    for (byte[] bytes : anchors) {
      try {
        X509CertificateHolder anchor = new X509CertificateHolder(bytes);
        if (certificates.stream().anyMatch(one -> one.equals(anchor) || CertificateKeys.issued(anchor, one))) {
          return Optional.of(anchor);
        }
      } catch (IOException | RuntimeException | StackOverflowError e) {
        // A database may hold what isn't a certificate; nobody chains to that.
        continue;
      }
    }
    return Optional.empty();
  }
}
