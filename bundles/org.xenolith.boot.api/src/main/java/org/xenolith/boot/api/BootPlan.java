// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.api;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.xenolith.machine.api.CpuEntry;

/**
 * Where everything goes and how the first CPU is entered. Made by a {@link BootLoader}; the caller then writes the
 * device tree, if the guest is given one ({@link #tree}), and loads the rest.
 *
 * @param description the kernel in words, for logs
 * @param segments what is copied to memory, without the device tree; none overlap
 * @param tree the device tree that the guest is given; empty where it is given none
 * @param entry how the first CPU is entered
 */
public record BootPlan(String description, List<Segment> segments, Optional<TreePlace> tree, CpuEntry entry) {
  /**
   * One thing that is copied to memory.
   *
   * @param name what it is, for messages
   * @param range the memory it needs, which may be more than its bytes (a kernel's zeroed data)
   * @param data the bytes, copied to the start of the range
   */
  public record Segment(String name, MemoryRange range, byte[] data) {}

  /**
   * A device tree for the guest.
   *
   * @param range where it goes and how large it may be
   * @param facts what it must say
   */
  public record TreePlace(MemoryRange range, DeviceTreeFacts facts) {}

  public BootPlan {
    Objects.requireNonNull(description, "description");
    segments = List.copyOf(segments);
    Objects.requireNonNull(tree, "tree");
    Objects.requireNonNull(entry, "entry");
  }

  /**
   * Copies the segments and the device tree to memory.
   *
   * @param flattenedTree ignored where the guest is given none
   * @throws BootException when the tree is larger than the plan kept room for
   */
  public void load(GuestMemory memory, byte[] flattenedTree) {
    tree.ifPresent(place -> {
      if (flattenedTree.length > place.range().size()) {
        throw new BootException("the device tree has " + flattenedTree.length + " bytes, but there is room for "
            + place.range().size() + " (a kernel accepts at most 2 MiB). Remove nodes from the topology.");
      }
    });
    for (Segment segment : segments) {
      memory.write(segment.range().base(), segment.data(), 0, segment.data().length);
    }
    tree.ifPresent(place -> memory.write(place.range().base(), flattenedTree, 0, flattenedTree.length));
  }
}
