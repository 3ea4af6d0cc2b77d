// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.topology;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.platform.api.AddressWindow;

/** The nodes below the root, and what of the address space they take. */
final class TreeNodes {
  private static final long GIB = 1L << 30;
  /** Machines of Arm have no RAM further up (48 bits of physical address). */
  private static final long LIMIT = 1L << 48;

  private final List<FdtNode> nodes = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  /** Name of a node by its place in the tables. */
  private final Map<String, String> places = new HashMap<>();
  private final List<AddressWindow> taken = new ArrayList<>();

  /**
   * Adds a node, if none has its name.
   *
   * @param place  in the tables
   * @param windows that it takes
   * @return whether it was added
   */
  boolean add(String place, FdtNode node, List<AddressWindow> windows) {
    if (!names.add(node.name())) {
      return false;
    }
    places.put(node.name(), place);
    nodes.add(node);
    taken.addAll(windows);
    return true;
  }

  /** The nodes in their order; those that others refer to have a {@code phandle}. */
  List<FdtNode> withPhandles(Map<String, Integer> phandles) {
    List<FdtNode> all = new ArrayList<>();
    for (FdtNode node : nodes) {
      Integer phandle = phandles.get(places.get(node.name()));
      all.add(phandle == null ? node : node.withProperty(FdtProperty.ofCells("phandle", phandle)));
    }
    return all;
  }

  /** The first multiple of 1 GiB, from 1 GiB on, where so many bytes are free. */
  long free(long bytes) {
    long base = GIB;
    boolean moved = true;
    while (moved && base < LIMIT) {
      moved = false;
      for (AddressWindow window : taken) {
        if (window.size() > 0 && Long.compareUnsigned(window.base(), base + bytes) < 0 && Long.compareUnsigned(base, window.end()) < 0) {
          base = (window.end() + GIB - 1) / GIB * GIB;
          moved = true;
        }
      }
    }
    return base < LIMIT && base > 0 ? base : GIB;
  }

  /** Windows as {@code reg} below the root. */
  static FdtProperty reg(List<AddressWindow> windows) {
    return FdtProperty.ofU64("reg", windows.stream().flatMapToLong(window -> LongStream.of(window.base(), window.size()))
        .toArray());
  }
}
