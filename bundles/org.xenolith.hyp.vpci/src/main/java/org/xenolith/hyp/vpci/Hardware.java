// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vpci;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.xenolith.hyp.api.HostBridgePort;
import org.xenolith.hyp.api.HostBridgesPort;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.regs.DeviceState;

/** The machine as virtual PCI reaches it: host bridges, and what is behind their windows. */
final class Hardware {
  private static final long[] NOTHING = {};
  private final DeviceContext context;
  private final HostBridgesPort bridges;
  private final PhysicalBus bus;
  /** Configuration windows by the number of the bridge, as a record had them. */
  private final Map<Integer, long[]> recorded = new TreeMap<>();
  private HostBridgeWindows[] known = {};

  Hardware(DeviceContext context, PhysicalBus bus, DeviceState state) {
    this.context = context;
    this.bus = bus;
    bridges = context.port(HostBridgesPort.class);
    state.varying("withheld", this::forget, this::save, this::restore);
  }

  private void forget() {
    recorded.clear();
    known = new HostBridgeWindows[0];
  }

  private byte[] save() {
    ByteBuffer bytes = ByteBuffer.allocate(known().length * 8 + total() * 8);
    for (HostBridgeWindows bridge : known) {
      long[] windows = bridge.configuration();
      bytes.putInt(bridge.index).putInt(windows.length);
      for (long number : windows) {
        bytes.putLong(number);
      }
    }
    return bytes.array();
  }

  private int total() {
    int numbers = 0;
    for (HostBridgeWindows bridge : known) {
      numbers += bridge.configuration().length;
    }
    return numbers;
  }

  private void restore(byte[] saved) {
    forget();
    ByteBuffer bytes = ByteBuffer.wrap(saved);
    while (bytes.remaining() >= 8) {
      int index = bytes.getInt();
      long[] windows = new long[bytes.getInt()];
      for (int i = 0; i < windows.length; i++) {
        windows[i] = bytes.getLong();
      }
      recorded.put(index, windows);
    }
  }

  /** The host bridges, in the order of their nodes. */
  HostBridgeWindows[] known() {
    List<HostBridgePort> all = bridges.all();
    if (known.length != all.size()) {
      known = new HostBridgeWindows[all.size()];
      for (int i = 0; i < known.length; i++) {
        known[i] = new HostBridgeWindows(all.get(i), i, recorded.getOrDefault(i, NOTHING), context);
      }
    }
    return known;
  }

  /** The bridge of that number; null while there is none. */
  HostBridgeWindows at(int index) {
    HostBridgeWindows[] all = known();
    return index >= 0 && index < all.length ? all[index] : null;
  }

  /** The number of a bridge; -1 if it isn't one of the machine's. */
  int index(HostBridgePort port) {
    return bridges.all().indexOf(port);
  }

  /** Loads 1, 2, 4 or 8 bytes; all-ones if nothing answers. */
  long read(long address, int size) {
    try {
      return bus.read(address, size) & Header.none(size);
    } catch (ExternalAbort nothing) {
      return Header.none(size);
    }
  }

  /** Stores 1, 2, 4 or 8 bytes; lost if nothing answers. */
  void write(long address, int size, long value) {
    try {
      bus.write(address, size, value);
    } catch (ExternalAbort nothing) {
      // the event log was told
    }
  }
}
