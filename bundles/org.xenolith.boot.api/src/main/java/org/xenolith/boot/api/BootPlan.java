// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.api;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
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
 * @param release run when all is loaded, which gives back memory that only segments needed: such a plan is loaded once
 */
public record BootPlan(String description, List<Segment> segments, Optional<TreePlace> tree, CpuEntry entry, Runnable release) {
  /** Bytes that are copied at once from memory that is no array. */
  private static final int PIECE = 1 << 16;

  /**
   * One thing that is copied to memory: a file, or a part of one.
   *
   * @param name what it is, for messages
   * @param range the memory it needs, which may be more than its bytes (a kernel's zeroed data)
   * @param bytes what is copied to the start of the range: of the heap or outside it
   */
  public record Segment(String name, MemoryRange range, MemorySegment bytes) {
    /** All bytes of an array. */
    public Segment(String name, MemoryRange range, byte[] data) {
      this(name, range, MemorySegment.ofArray(data));
    }

    /** The bytes: the array that they are, or a copy. */
    public byte[] data() {
      return bytes.heapBase().orElse(null) instanceof byte[] array && array.length == bytes.byteSize()
          ? array
          : bytes.toArray(ValueLayout.JAVA_BYTE);
    }

    private void load(GuestMemory memory) {
      if (bytes.heapBase().orElse(null) instanceof byte[] array) {
        // Of memory on the heap the address is the first byte's index in its array.
        memory.write(range.base(), array, (int) bytes.address(), (int) bytes.byteSize());
        return;
      }
      byte[] piece = new byte[PIECE];
      for (long at = 0; at < bytes.byteSize(); at += PIECE) {
        int length = (int) Math.min(PIECE, bytes.byteSize() - at);
        MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, at, piece, 0, length);
        memory.write(range.base() + at, piece, 0, length);
      }
    }
  }

  /**
   * A device tree for the guest.
   *
   * @param range where it goes and how large it may be
   * @param facts what it must say
   * @param copies where it is written, too, for software that doesn't look where the entry says; none where it is too large for one
   */
  public record TreePlace(MemoryRange range, DeviceTreeFacts facts, List<MemoryRange> copies) {
    /** Copies the list. */
    public TreePlace {
      copies = List.copyOf(copies);
    }

    /** In one place. */
    public TreePlace(MemoryRange range, DeviceTreeFacts facts) {
      this(range, facts, List.of());
    }
  }

  public BootPlan {
    Objects.requireNonNull(description, "description");
    segments = List.copyOf(segments);
    Objects.requireNonNull(tree, "tree");
    Objects.requireNonNull(entry, "entry");
    Objects.requireNonNull(release, "release");
  }

  /** A plan with nothing to give back. */
  public BootPlan(String description, List<Segment> segments, Optional<TreePlace> tree, CpuEntry entry) {
    this(description, segments, tree, entry, () -> {});
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
      segment.load(memory);
    }
    tree.ifPresent(place -> {
      memory.write(place.range().base(), flattenedTree, 0, flattenedTree.length);
      for (MemoryRange copy : place.copies()) {
        if (flattenedTree.length <= copy.size()) {
          memory.write(copy.base(), flattenedTree, 0, flattenedTree.length);
        }
      }
    });
    release.run();
  }
}
