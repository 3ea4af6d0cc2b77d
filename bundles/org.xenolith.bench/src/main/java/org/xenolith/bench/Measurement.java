// SPDX-License-Identifier: EPL-2.0
package org.xenolith.bench;

import java.io.IOException;

/** What is run on both sides in turn. */
interface Measurement {
  /** Who the peer mostly is. */
  String EMULATOR = "QEMU";

  /** Who the peer is, for people. */
  default String peer() {
    return EMULATOR;
  }

  /** Runs it once on us, or once on the peer, and adds what came of it. */
  void run(boolean ours, Figures figures) throws IOException, InterruptedException;
}
