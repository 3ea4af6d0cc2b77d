// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.api;

import java.util.List;
import java.util.Objects;

/**
 * Where everything goes and how the first CPU is entered. Made by a {@link BootLoader}; the caller then writes the
 * device tree (with {@link #deviceTree() the facts} it must hold) and loads all of it.
 *
 * @param description the kernel in words, for logs
 * @param segments what is copied to memory, without the device tree; none overlap
 * @param deviceTreeAt where the device tree goes and how large it may be
 * @param deviceTree what the device tree must say
 * @param entry register values of the first CPU; it is entered with MMU and caches off and interrupts masked
 */
public record BootPlan(String description, List<Segment> segments, MemoryRange deviceTreeAt, DeviceTreeFacts deviceTree,
    EntryRegisters entry) {
  /**
   * One thing that is copied to memory.
   *
   * @param name what it is, for messages
   * @param range the memory it needs, which may be more than its bytes (a kernel's zeroed data)
   * @param data the bytes, copied to the start of the range
   */
  public record Segment(String name, MemoryRange range, byte[] data) {}

  /**
   * General registers and program counter at entry (Linux, Documentation/arch/arm64/booting: x0 is the physical
   * address of the device tree, x1 to x3 are zero).
   */
  public record EntryRegisters(long pc, long x0, long x1, long x2, long x3) {}

  public BootPlan {
    Objects.requireNonNull(description, "description");
    segments = List.copyOf(segments);
  }

  /**
   * Copies the segments and the device tree to memory.
   *
   * @throws BootException when the tree is larger than the plan kept room for
   */
  public void load(GuestMemory memory, byte[] flattenedTree) {
    if (flattenedTree.length > deviceTreeAt.size()) {
      throw new BootException("the device tree has " + flattenedTree.length + " bytes, but there is room for "
          + deviceTreeAt.size() + " (a kernel accepts at most 2 MiB). Remove nodes from the topology.");
    }
    for (Segment segment : segments) {
      memory.write(segment.range().base(), segment.data(), 0, segment.data().length);
    }
    memory.write(deviceTreeAt.base(), flattenedTree, 0, flattenedTree.length);
  }
}
