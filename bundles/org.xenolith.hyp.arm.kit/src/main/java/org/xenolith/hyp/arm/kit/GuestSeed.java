// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.arm.kit;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.hyp.api.DomainSpec;

/** Entropy for a guest's kernel. */
public final class GuestSeed {
  private GuestSeed() {}

  /**
   * Property {@code rng-seed} of {@code /chosen}, 32 bytes: the same for the same domain, so that a run repeats. Without any, Linux holds
   * its random pool for empty and computes a hash on every system call, ten times the work of a short one.
   */
  public static FdtProperty of(DomainSpec spec) {
    try {
      byte[] of = (spec.handle() + " " + spec.name()).getBytes(StandardCharsets.UTF_8);
      return new FdtProperty("rng-seed", MessageDigest.getInstance("SHA-256").digest(of));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
