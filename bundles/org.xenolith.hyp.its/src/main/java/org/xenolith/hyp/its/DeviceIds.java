package org.xenolith.hyp.its;

import java.util.Optional;
import java.util.OptionalInt;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.platform.api.PlatformNode;

/** DeviceIDs of functions behind a host bridge: {@code msi-map} or {@code msi-parent} of its node (bindings pci-msi and msi). */
final class DeviceIds {
  private static final int CELLS = 4;

  private DeviceIds() { }

  /**
   * The DeviceID of a routing id.
   *
   * @param its the node of the ITS that is asked for
   */
  static OptionalInt of(PlatformNode bridge, PlatformNode its, int rid) {
    Optional<FdtProperty> phandle = its.property("phandle");
    if (phandle.isEmpty() || phandle.get().cellCount() != 1) {
      return OptionalInt.empty();
    }
    int wanted = phandle.get().cell(0);
    Optional<FdtProperty> map = bridge.property("msi-map");
    if (map.isPresent()) {
      return mapped(map.get(), (int) bridge.cell("msi-map-mask", 0xFFFF_FFFFL) & rid, wanted);
    }
    Optional<FdtProperty> parent = bridge.property("msi-parent");
    return parent.isPresent() && parent.get().cellCount() > 0 && parent.get().cell(0) == wanted ? OptionalInt.of(rid)
        : OptionalInt.empty();
  }

  private static OptionalInt mapped(FdtProperty map, int rid, int wanted) {
    for (int i = 0; i + CELLS <= map.cellCount(); i += CELLS) {
      int offset = rid - map.cell(i);
      if (Integer.compareUnsigned(offset, map.cell(i + 3)) < 0) {
        return map.cell(i + 1) == wanted ? OptionalInt.of(map.cell(i + 2) + offset) : OptionalInt.empty();
      }
    }
    return OptionalInt.empty();
  }
}
