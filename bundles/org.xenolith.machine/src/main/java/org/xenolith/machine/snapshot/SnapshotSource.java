// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.snapshot;

import java.io.IOException;
import org.xenolith.machine.bus.AddressSpace;

/** Where a snapshot comes from: a folder, or memory. */
public interface SnapshotSource {
  /** Everything but RAM. */
  Snapshot read() throws IOException;

  /** Replaces the content of RAM and of the memory of windows. */
  void readRam(AddressSpace space) throws IOException;
}
