// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci.kit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.InterruptLine;
import org.xenolith.machine.api.ModelException;
import org.xenolith.platform.api.InterruptSpecifier;
import org.xenolith.platform.api.PlatformNode;

/** Where interrupt pins of a root bus lead to, by {@code interrupt-map} (Devicetree Specification 0.4, 2.4.3). */
final class InterruptMap {
  private static final int UNIT_CELLS = 3;
  private static final int CHILD_CELLS = UNIT_CELLS + 1;

  /** An entry: device and function of the unit address, the pin, and the line. */
  private record Entry(int devfn, int pin, Shared line) {}

  /** A line that several pins share. */
  private static final class Shared {
    private final InterruptLine line;
    private int high;

    private Shared(InterruptLine line) {
      this.line = line;
    }
  }

  private final List<Entry> entries = new ArrayList<>();
  private final int devfnMask;
  private final int pinMask;

  InterruptMap(DeviceContext context) {
    PlatformNode node = context.node();
    FdtProperty mask = node.property("interrupt-map-mask").filter(p -> p.cellCount() >= CHILD_CELLS).orElse(null);
    devfnMask = mask == null ? 0xFF : mask.cell(0) >>> 8 & 0xFF;
    pinMask = mask == null ? 7 : mask.cell(3) & 7;
    FdtProperty map = node.property("interrupt-map").orElse(null);
    Map<InterruptSpecifier, Shared> lines = new HashMap<>();
    for (int at = 0; map != null && at < map.cellCount();) {
      if (at + CHILD_CELLS + 1 > map.cellCount()) {
        throw malformed(context);
      }
      int phandle = map.cell(at + CHILD_CELLS);
      PlatformNode controller = context.platform().byPhandle(phandle).orElseThrow(() -> new ModelException(context.instance()
          + ": interrupt-map: no node has phandle 0x" + Integer.toHexString(phandle)));
      int from = at + CHILD_CELLS + 1 + (int) controller.cell("#address-cells", 0);
      int end = from + (int) controller.cell("#interrupt-cells", 1);
      if (end > map.cellCount()) {
        throw malformed(context);
      }
      InterruptSpecifier specifier = new InterruptSpecifier(controller.path(), Arrays.copyOfRange(map.cells(), from, end));
      entries.add(new Entry(map.cell(at) >>> 8 & 0xFF & devfnMask, map.cell(at + UNIT_CELLS) & pinMask,
          lines.computeIfAbsent(specifier, s -> new Shared(context.lines().line(s)))));
      at = end;
    }
  }

  private static ModelException malformed(DeviceContext context) {
    return new ModelException(context.instance() + ": interrupt-map: the last entry is cut off");
  }

  void set(int devfn, int pin, boolean level) {
    for (Entry entry : entries) {
      if (entry.devfn == (devfn & devfnMask) && entry.pin == (pin & pinMask)) {
        entry.line.high += level ? 1 : -1;
        entry.line.line.set(entry.line.high > 0);
        return;
      }
    }
  }
}
