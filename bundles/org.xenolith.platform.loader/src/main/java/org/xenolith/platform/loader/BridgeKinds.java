// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.loader;

import java.util.List;
import java.util.Optional;
import org.xenolith.platform.api.HostBridgeKind;

/** The kinds of PCI host bridges that are installed. */
interface BridgeKinds {
  BridgeKinds NONE = new BridgeKinds() {
    @Override
    public List<String> names() {
      return List.of();
    }

    @Override
    public Optional<HostBridgeKind> kind(String name) {
      return Optional.empty();
    }
  };

  /** Their names in alphabetical order. */
  List<String> names();

  /** The kind of that name. */
  Optional<HostBridgeKind> kind(String name);
}
