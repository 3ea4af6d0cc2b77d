// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci;

import java.util.Optional;
import java.util.function.Supplier;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformException;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.platform.api.RequesterId;

/** Which id the requests of a function carry behind its host bridge. */
final class RequesterIds {
  private RequesterIds() {}

  /** The stream id at an SMMU; empty if none is on the way or the properties are broken. */
  static Optional<RequesterId> stream(Platform platform, PlatformNode bridge, int rid) {
    return known(() -> RequesterId.stream(platform, bridge, rid));
  }

  /** The device id at an interrupt controller; empty if messages have no target or the properties are broken. */
  static Optional<RequesterId> device(Platform platform, PlatformNode bridge, int rid) {
    return known(() -> RequesterId.message(platform, bridge, rid));
  }

  private static Optional<RequesterId> known(Supplier<Optional<RequesterId>> question) {
    try {
      return question.get();
    } catch (PlatformException broken) {
      return Optional.empty();
    }
  }
}
