// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.pci;

import java.util.BitSet;
import java.util.function.IntConsumer;
import org.xenolith.hyp.api.HostBridgePort;
import org.xenolith.hyp.pci.kit.Sbdf;

/** Looks for functions on buses that are configured: bridges whose bus numbers aren't set lead nowhere. */
final class BusScan {
  private static final int DEVICES = 32;
  private static final int FUNCTIONS = 8;

  private final HostBridgePort bridge;
  private final IntConsumer found;
  private final BitSet seen = new BitSet();

  private BusScan(HostBridgePort bridge, IntConsumer found) {
    this.bridge = bridge;
    this.found = found;
  }

  /** Tells of what is behind a host bridge, bridges before what is behind them. */
  static void scan(HostBridgePort bridge, IntConsumer found) {
    if (bridge.present()) {
      new BusScan(bridge, found).bus(bridge.firstBus(), bridge.lastBus());
    }
  }

  private void bus(int bus, int last) {
    seen.set(bus);
    for (int device = 0; device < DEVICES; device++) {
      for (int function = 0; function < FUNCTIONS; function++) {
        int rid = bus << 8 | device << 3 | function;
        boolean there = bridge.read(rid, 0, 2) != 0xFFFF;
        int type = there ? bridge.read(rid, Header.TYPE, 1) : 0;
        if (there) {
          found.accept(Sbdf.of(bridge.segment(), rid));
          if (Header.bridge(type)) {
            below(rid, bus, last);
          }
        }
        if (function == 0 && !Header.severalFunctions(type)) {
          break;
        }
      }
    }
  }

  /** Bus numbers grow on the way down, and no two bridges lead to one: else there would be no end. */
  private void below(int rid, int bus, int last) {
    int secondary = bridge.read(rid, Header.SECONDARY, 1);
    int subordinate = bridge.read(rid, Header.SUBORDINATE, 1);
    if (!seen.get(secondary) && secondary > bus && secondary <= subordinate && subordinate <= last) {
      bus(secondary, subordinate);
    }
  }
}
