// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.bare;

import static org.xenolith.command.api.OptionName.option;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.xenolith.arm.api.ArmEntry;
import org.xenolith.boot.api.BootException;
import org.xenolith.boot.api.BootModule;
import org.xenolith.boot.api.BootPlan;
import org.xenolith.boot.api.BootRequest;
import org.xenolith.boot.api.DeviceTreeFacts;
import org.xenolith.boot.api.MemoryRange;
import org.xenolith.boot.kit.FreeMemory;

/**
 * Where a program and what belongs to it lie. Source: QEMU, docs/system/arm/virt.rst, "Hardware configuration information for
 * bare-metal programming": an ELF file finds the device tree at the start of RAM, any other behind itself and its initrd, by x0.
 */
final class Layout {
  private static final long KERNEL_DISTANCE = 512L << 10;
  private static final long INITRD_DISTANCE = 128L << 20;
  private static final long BLOCK = 2L << 20;
  private static final long PAGE = 4L << 10;
  /** Least room for the tree before a program, in which a board like QEMU's fits several times. */
  private static final long LEAST_TREE = 64L << 10;
  private static final int INSTRUCTION = 4;
  private final BootRequest request;
  private final FreeMemory free;
  private final MemoryRange first;
  private long programEnd;

  Layout(BootRequest request) {
    this.request = request;
    if (request.memory().isEmpty()) {
      throw new BootException("the machine has no memory. Give the topology a memory node.");
    }
    free = new FreeMemory(request.memory(), request.reserved());
    first = request.memory().stream().min(Comparator.comparingLong(MemoryRange::base)).orElseThrow();
  }

  /** Where a program goes that may lie anywhere. */
  long usual() {
    return first.base() + KERNEL_DISTANCE;
  }

  /** Whether RAM has this piece. */
  boolean hasRam(long base, long size) {
    return request.memory().stream().anyMatch(range -> Long.compareUnsigned(base, range.base()) >= 0
        && Long.compareUnsigned(base, range.end()) < 0 && Long.compareUnsigned(size, range.end() - base) <= 0);
  }

  /** Takes the place of a part of the program. @param what it is, for messages */
  MemoryRange program(String what, long base, long size) {
    if (!hasRam(base, size)) {
      throw new BootException("%s needs %#x bytes at %#x, where the machine has no RAM; it has %s. %s".formatted(what, size, base,
          request.memory().stream().map(MemoryRange::toString).collect(Collectors.joining(", ")),
          hasRam(base, 1) ? "Give the machine more memory, or the program another place." : "Give the program another place."));
    }
    if (!free.contains(base, size)) {
      throw new BootException(("%s lies over something else at %#x: another part of the program, or memory that the board reserves."
          + " Give it another place.").formatted(what, base));
    }
    programEnd = Math.max(programEnd, base + size);
    return take(base, size);
  }

  /** Checks where the program is entered. */
  long entry(long address, List<MemoryRange> program) {
    if (address % INSTRUCTION != 0) {
      throw new BootException(("the entry %#x is no multiple of 4, as every instruction's address is."
          + " Name another one with " + option("entry") + ".").formatted(address));
    }
    if (program.stream().noneMatch(range -> address >= range.base() && address < range.end())) {
      throw new BootException(("the entry %#x is not in the program, which lies at %s. Name another one with " + option("entry") + ".")
          .formatted(
              address, program.stream().map(MemoryRange::toString).collect(Collectors.joining(", "))));
    }
    return address;
  }

  /** Places the rest, with the tree at the start of RAM. */
  BootPlan plan(String description, List<BootPlan.Segment> program, long entry) {
    MemoryRange tree = deviceTree();
    return plan(description, program, entry, tree, List.of(), initrd());
  }

  /** Places the rest, with the tree behind all, and at the start of RAM once more for those who look there, such as U-Boot. */
  BootPlan planWithTreeBehind(String description, List<BootPlan.Segment> program, long entry) {
    List<MemoryRange> copies = startOfRam().stream().toList();
    Optional<MemoryRange> initrd = initrd();
    MemoryRange tree = treeBehind(initrd.map(MemoryRange::end).orElse(Math.max(usualInitrd(), programEnd)));
    return plan(description, program, entry, tree, copies, initrd);
  }

  private BootPlan plan(String description, List<BootPlan.Segment> program, long entry, MemoryRange tree, List<MemoryRange> copies,
      Optional<MemoryRange> initrd) {
    List<BootPlan.Segment> segments = new ArrayList<>(program);
    initrd.ifPresent(range -> segments.add(new BootPlan.Segment("initrd", range, request.initrd().get())));
    List<DeviceTreeFacts.Module> modules = new ArrayList<>();
    for (BootModule module : request.modules()) {
      if (module.data().length == 0) {
        throw new BootException("the " + module.kind() + " module is empty. Give it a file with something in it.");
      }
      MemoryRange range = found(module.kind() + " module", free.find(module.data().length, BLOCK, 0, Long.MAX_VALUE), module.data().length);
      segments.add(new BootPlan.Segment(module.kind() + " module", range, module.data()));
      modules.add(new DeviceTreeFacts.Module(module.kind(), range, module.arguments()));
    }
    return new BootPlan(description, segments, Optional.of(new BootPlan.TreePlace(tree,
        new DeviceTreeFacts(request.commandLine(), initrd, request.memory(), modules), copies)), new ArmEntry(entry, tree.base()));
  }

  /** The start of RAM, unless the program is there: then behind it, and only x0 tells where. */
  private MemoryRange deviceTree() {
    return startOfRam().orElseGet(() -> treeBehind(programEnd));
  }

  /** The start of RAM, as far as it is free and worth it. */
  private Optional<MemoryRange> startOfRam() {
    long capacity = request.deviceTreeCapacity();
    for (MemoryRange range : free.ranges()) {
      long size = Math.min(capacity, range.size());
      if (range.base() == first.base() && size >= Math.min(capacity, LEAST_TREE)) {
        return Optional.of(take(range.base(), size));
      }
    }
    return Optional.empty();
  }

  private MemoryRange treeBehind(long from) {
    long capacity = request.deviceTreeCapacity();
    for (long start : new long[] {from, programEnd}) {
      OptionalLong behind = free.find(capacity, BLOCK, start, Long.MAX_VALUE);
      if (behind.isPresent()) {
        return take(behind.getAsLong(), capacity);
      }
    }
    return found("device tree", free.find(capacity, PAGE, 0, Long.MAX_VALUE), capacity);
  }

  private long usualInitrd() {
    return first.base() + Math.min(first.size() / 2, INITRD_DISTANCE);
  }

  private Optional<MemoryRange> initrd() {
    return request.initrd().filter(data -> data.length > 0).map(data -> initrd(data.length));
  }

  private MemoryRange initrd(long size) {
    long usual = usualInitrd();
    return usual >= programEnd && free.contains(usual, size) ? take(usual, size)
        : found("initrd", free.find(size, PAGE, 0, Long.MAX_VALUE), size);
  }

  private MemoryRange found(String what, OptionalLong address, long size) {
    return take(address.orElseThrow(() -> new BootException(
        "the %s needs %.1f MiB in one piece, which the machine doesn't have free. Give it more memory.".formatted(what, size / 1048576.0))),
        size);
  }

  private MemoryRange take(long base, long size) {
    MemoryRange range = new MemoryRange(base, size);
    free.take(range);
    return range;
  }
}
