// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.hyp;

import org.xenolith.hyp.api.ArchitectureFacts;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.kit.GuestFeatures;

/** What the core says of its architecture: the texts and numbers of Xen on an A64 machine without a timer. */
final class FakeFacts implements ArchitectureFacts {
  @Override
  public String capabilities() {
    return "xen-3.0-aarch64 ";
  }

  @Override
  public int features(Domain domain) {
    return GuestFeatures.ARM;
  }

  @Override
  public long virtualStart() {
    return 0x20_0000;
  }

  @Override
  public long hertz() {
    return 0;
  }

  @Override
  public String trap(long cause, long detail) {
    return "cause 0x%x, detail 0x%x".formatted(cause, detail);
  }
}
