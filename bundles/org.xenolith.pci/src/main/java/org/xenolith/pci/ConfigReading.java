// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.xenolith.pci.api.PciBridgeWindows;
import org.xenolith.pci.api.PciCapability;
import org.xenolith.pci.api.PciIds;
import org.xenolith.pci.api.PciInterrupt;
import org.xenolith.pci.api.PciLink;
import org.xenolith.pci.api.PciState;
import org.xenolith.pci.api.PciTarget;
import org.xenolith.platform.api.AddressWindow;

/** What a function's configuration space says, as software has set it up (PCI Local Bus 3.0, 6; PCI Express Base 4.0, 7.5). */
final class ConfigReading {
  static final int SIZE = 4096;
  private static final int COMMAND = 0x04;
  private static final int STATUS = 0x06;
  private static final int CAPABILITY_LIST = 1 << 4;
  private static final int INTX_DISABLE = 1 << 10;
  private static final int CAPABILITIES = 0x34;
  private static final int EXTENDED = 0x100;
  private static final int POWER_MANAGEMENT = 0x01;
  private static final int MSI = 0x05;
  private static final int EXPRESS = 0x10;
  private static final int MSIX = 0x11;
  private static final int INTEGRATED_ENDPOINT = 9;
  private static final int EVENT_COLLECTOR = 10;
  private static final int MEGABYTE = 0xF_FFFF;

  private final PciTarget function;
  private final List<PciCapability> capabilities = new ArrayList<>();

  ConfigReading(PciTarget function) {
    this.function = function;
    if ((read(STATUS, 2) & CAPABILITY_LIST) != 0) {
      // A list that leads in circles ends where it has been.
      for (int at = read(CAPABILITIES, 1) & ~3; at >= 0x40 && unseen(at); at = read(at + 1, 1) & ~3) {
        capabilities.add(new PciCapability(read(at, 1), false, 0, at));
      }
    }
    for (int at = EXTENDED; at >= EXTENDED && unseen(at) && read(at, 4) != 0 && read(at, 4) != -1; at = read(at, 4) >>> 20 & ~3) {
      capabilities.add(new PciCapability(read(at, 2), true, read(at + 2, 1) & 0xF, at));
    }
  }

  private boolean unseen(int at) {
    return capabilities.stream().noneMatch(c -> c.offset() == at);
  }

  private int read(int offset, int size) {
    return function.readConfig(offset, size);
  }

  /** All bytes of a function. */
  static byte[] bytes(PciTarget function) {
    byte[] all = new byte[SIZE];
    for (int at = 0; at < SIZE; at++) {
      all[at] = (byte) function.readConfig(at, 1);
    }
    return all;
  }

  List<PciCapability> capabilities() {
    return capabilities;
  }

  /** Where a capability of the first 256 bytes is; 0 if there is none. */
  private int find(int id) {
    return capabilities.stream().filter(c -> !c.extended() && c.id() == id).mapToInt(PciCapability::offset).findFirst().orElse(0);
  }

  private boolean isBridge() { return (read(0x0E, 1) & 0x7F) == 1; }

  PciIds ids() {
    return new PciIds(read(0, 2), read(2, 2), isBridge() ? 0 : read(0x2C, 2), isBridge() ? 0 : read(0x2E, 2), read(8, 4) >>> 8, read(8, 1));
  }

  PciState state() {
    int command = read(COMMAND, 2);
    int power = find(POWER_MANAGEMENT);
    return new PciState((command & 1) != 0, (command & 2) != 0, (command & 4) != 0, power == 0 ? 0 : read(power + 4, 2) & 3);
  }

  PciInterrupt interrupt() {
    int pin = read(0x3D, 1);
    int line = read(0x3C, 1);
    int msix = find(MSIX);
    int msi = find(MSI);
    if (msix != 0 && (read(msix + 2, 2) & 1 << 15) != 0) {
      return new PciInterrupt(PciInterrupt.Mode.MSIX, pin, line, (read(msix + 2, 2) & 0x7FF) + 1);
    }
    if (msi != 0 && (read(msi + 2, 2) & 1) != 0) {
      return new PciInterrupt(PciInterrupt.Mode.MSI, pin, line, 1 << (read(msi + 2, 2) >>> 4 & 7));
    }
    boolean drives = pin >= 1 && pin <= 4 && (read(COMMAND, 2) & INTX_DISABLE) == 0;
    return new PciInterrupt(drives ? PciInterrupt.Mode.PIN : PciInterrupt.Mode.NONE, pin, line, 0);
  }

  Optional<PciLink> link() {
    int express = find(EXPRESS);
    int kind = express == 0 ? INTEGRATED_ENDPOINT : read(express + 2, 2) >>> 4 & 0xF;
    if (kind == INTEGRATED_ENDPOINT || kind == EVENT_COLLECTOR) {
      return Optional.empty();
    }
    int can = read(express + 0x0C, 4);
    int does = read(express + 0x12, 2);
    return Optional.of(new PciLink(does & 0xF, does >>> 4 & 0x3F, can & 0xF, can >>> 4 & 0x3F));
  }

  Optional<PciBridgeWindows> bridge() {
    if (!isBridge()) {
      return Optional.empty();
    }
    boolean wideIo = (read(0x1C, 1) & 1) != 0;
    long ioBase = (read(0x1C, 1) & 0xF0L) << 8 | (wideIo ? (long) read(0x30, 2) << 16 : 0);
    long ioLimit = (read(0x1D, 1) & 0xF0L) << 8 | 0xFFF | (wideIo ? (long) read(0x32, 2) << 16 : 0);
    boolean wide = (read(0x24, 1) & 1) != 0;
    long prefetchableBase = (read(0x24, 2) & 0xFFF0L) << 16 | (wide ? (read(0x28, 4) & 0xFFFF_FFFFL) << 32 : 0);
    long prefetchableLimit = (read(0x26, 2) & 0xFFF0L) << 16 | MEGABYTE | (wide ? (read(0x2C, 4) & 0xFFFF_FFFFL) << 32 : 0);
    return Optional.of(new PciBridgeWindows(read(0x18, 1), read(0x19, 1), read(0x1A, 1), window(ioBase, ioLimit),
        window((read(0x20, 2) & 0xFFF0L) << 16, (read(0x22, 2) & 0xFFF0L) << 16 | MEGABYTE), window(prefetchableBase, prefetchableLimit)));
  }

  /** A limit below its base closes a window; so do the reset values, from 0 on, as nothing can be there. */
  private static Optional<AddressWindow> window(long base, long limit) {
    return base == 0 || Long.compareUnsigned(base, limit) > 0 ? Optional.empty() : Optional.of(new AddressWindow(base, limit - base + 1));
  }
}
