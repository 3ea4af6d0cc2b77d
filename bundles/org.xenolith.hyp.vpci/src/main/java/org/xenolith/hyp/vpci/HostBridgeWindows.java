// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vpci;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.hyp.api.HostBridge;
import org.xenolith.hyp.api.HostBridgePort;
import org.xenolith.hyp.api.PciConfiguration;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.ModelException;
import org.xenolith.pci.api.PciRange;
import org.xenolith.platform.api.AddressWindow;

/** One host bridge: where CPUs see what is behind it. */
final class HostBridgeWindows {
  final HostBridgePort port;
  final int index;
  /** What the hardware domain's configuration cycles meet; null until somebody sets it. */
  PciConfiguration seen;
  private final List<PciRange> ranges;
  /** First address and size of each configuration window, one behind the other; what the driver said last. */
  private long[] configuration;
  private HostBridge asked;

  /** @param before configuration windows as a record has them, until a driver says others */
  HostBridgeWindows(HostBridgePort port, int index, long[] before, DeviceContext context) {
    this.port = port;
    this.index = index;
    configuration = before;
    List<PciRange> found = List.of();
    try {
      found = PciRange.of(context.platform(), port.node());
    } catch (ModelException e) {
      context.events().report("pci-bridge", context.instance(), "no BAR behind it is mapped: " + e.getMessage());
    }
    ranges = found;
  }

  /** Base and size of each configuration window. Those of a driver that is gone stay: nobody else has them. */
  long[] configuration() {
    HostBridge driver = port.provider();
    if (driver != null && driver != asked) {
      asked = driver;
      List<AddressWindow> windows = port.configuration();
      long[] all = new long[2 * windows.size()];
      for (int i = 0; i < windows.size(); i++) {
        all[2 * i] = windows.get(i).base();
        all[2 * i + 1] = windows.get(i).size();
      }
      configuration = all;
    }
    return configuration;
  }

  /** Whether an address is in a configuration window. */
  boolean configures(long address) {
    long[] windows = configuration();
    for (int i = 0; i < windows.length; i += 2) {
      if (Long.compareUnsigned(address - windows[i], windows[i + 1]) < 0) {
        return true;
      }
    }
    return false;
  }

  /** Whether an address is in a window to memory space. */
  boolean reaches(long address) {
    for (int i = 0; i < ranges.size(); i++) {
      PciRange range = ranges.get(i);
      if (!range.io() && Long.compareUnsigned(address - range.cpu().base(), range.cpu().size()) < 0) {
        return true;
      }
    }
    return false;
  }

  /** Its windows to memory space. */
  List<AddressWindow> apertures() {
    List<AddressWindow> all = new ArrayList<>();
    for (PciRange range : ranges) {
      if (!range.io()) {
        all.add(range.cpu());
      }
    }
    return all;
  }

  /** Where CPUs see memory space of the bus; -1 if they don't see all of it. */
  long cpu(long bus, long size) {
    for (PciRange range : ranges) {
      long offset = bus - range.bus();
      if (!range.io() && offset >= 0 && size <= range.cpu().size() && offset <= range.cpu().size() - size) {
        return range.cpu().base() + offset;
      }
    }
    return -1;
  }
}
