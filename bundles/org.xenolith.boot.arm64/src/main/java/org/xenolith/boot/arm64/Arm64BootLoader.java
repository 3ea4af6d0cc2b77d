// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.arm64;

import static org.xenolith.command.api.OptionName.option;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.xenolith.a64.arch.CpuModel;
import org.xenolith.a64.arch.Granule;
import org.xenolith.arm.api.ArmEntry;
import org.xenolith.boot.api.BootException;
import org.xenolith.boot.api.BootLoader;
import org.xenolith.boot.api.BootModule;
import org.xenolith.boot.api.BootPlan;
import org.xenolith.boot.api.BootRequest;
import org.xenolith.boot.api.DeviceTreeFacts;
import org.xenolith.boot.api.MemoryRange;
import org.xenolith.boot.kit.FreeMemory;
import org.xenolith.boot.kit.KernelUnpacker;
import org.xenolith.cpu.api.CpuDescription;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.kit.InstalledCpus;
import org.xenolith.platform.api.PlatformNode;

/**
 * Lays out an arm64 kernel. The rules (Documentation/arch/arm64/booting.rst): the image lies text_offset bytes behind
 * a 2 MiB aligned base with image_size bytes free; the device tree is 8-byte aligned and at most 2 MiB; the initrd
 * lies with the whole image in one 1 GiB aligned window of at most 32 GiB.
 *
 * <p>Within the rules the layout is the usual one of the {@code virt} board (kernel 2 MiB behind the start of RAM,
 * initrd 128 MiB or half of RAM behind it, tree on the next 2 MiB), so that a kernel's log can be held against that of
 * another machine line by line. The tree gets 2 MiB blocks of its own because a kernel maps it in such blocks.
 */
public class Arm64BootLoader implements BootLoader {
  /** What a PC's CPU is compatible with. */
  private static final String X86_64 = "xenolith,x86-64";
  private static final long BLOCK = 2L << 20;
  private static final long PAGE = 4L << 10;
  private static final long INITRD_DISTANCE = 128L << 20;
  private static final long WINDOW_ALIGNMENT = 1L << 30;
  private static final long WINDOW = 32L << 30;

  /** The CPUs that bundles describe, of any architecture. */
  protected List<CpuDescription> described() {
    return List.of();
  }

  @Override
  public String format() {
    return "arm64 Image";
  }

  @Override
  public boolean recognises(byte[] kernel) {
    return Arm64Image.recognises(kernel) || KernelUnpacker.recognises(kernel);
  }

  @Override
  public BootPlan plan(BootRequest request) {
    if (request.memory().isEmpty()) {
      throw new BootException("the machine has no memory. Give the topology a memory node.");
    }
    if (request.cpus().stream().anyMatch(cpu -> cpu.isCompatible(X86_64))) {
      throw new BootException((Arm64Image.recognises(request.kernel()) ? "the kernel is an Image for arm64"
          : "the kernel is packed as a whole, as Images for arm64 are") + ", and this is a PC. Name a bzImage, or a vmlinux, for x86-64"
          + (Arm64Image.recognises(request.kernel()) ? "." : "; unpack it if it is one."));
    }
    if (request.loadAddress().isPresent() || request.entry().isPresent()) {
      throw new BootException("an arm64 Image says itself where it may lie and is entered at its start. Leave out " + option(
          "kernel-address")
          + " and " + option("entry") + ", which are for flat binaries and ELF files.");
    }
    int treeRoom = request.deviceTreeCapacity();
    if (treeRoom <= 0 || treeRoom > BootRequest.DEVICE_TREE_LIMIT) {
      throw new BootException("room of " + treeRoom + " bytes for the device tree: expected 1 to 2,097,152 (2 MiB).");
    }
    long total = request.memory().stream().mapToLong(MemoryRange::size).sum();
    Arm64Image image = Arm64Image.parse(KernelUnpacker.unpack(request.kernel(), total));
    Set<Integer> pageSizes = pageSizes(request);
    checkPages("the kernel", image, pageSizes);
    FreeMemory free = new FreeMemory(request.memory(), request.reserved());

    Layout layout = new Layout(request.memory(), free, total);
    MemoryRange kernel = layout.kernel(image);
    Optional<MemoryRange> initrd = request.initrd().filter(data -> data.length > 0)
        .map(data -> layout.initrd(data.length, kernel));
    MemoryRange tree = layout.deviceTree(treeRoom, initrd.orElse(kernel));

    List<BootPlan.Segment> segments = new ArrayList<>();
    segments.add(new BootPlan.Segment("kernel", kernel, image.bytes()));
    initrd.ifPresent(range -> segments.add(new BootPlan.Segment("initrd", range, request.initrd().get())));
    List<DeviceTreeFacts.Module> modules = new ArrayList<>();
    for (BootModule module : request.modules()) {
      if (module.kind().substring(module.kind().lastIndexOf('/') + 1).equals("kernel") && Arm64Image.recognises(module.data())) {
        checkPages("the module " + module.kind(), Arm64Image.parse(module.data()), pageSizes);
      }
      MemoryRange range = layout.module(module);
      segments.add(new BootPlan.Segment(module.kind() + " module", range, module.data()));
      modules.add(new DeviceTreeFacts.Module(module.kind(), range, module.arguments()));
    }
    return new BootPlan(image.description(), segments, Optional.of(new BootPlan.TreePlace(tree,
        new DeviceTreeFacts(request.commandLine(), initrd, request.memory(), modules))), new ArmEntry(kernel.base(), tree.base()));
  }

  /** In bytes, of the CPU that starts the kernel; none if that isn't known. */
  private Set<Integer> pageSizes(BootRequest request) {
    return request.cpus().stream().findFirst().map(this::granules).orElse(Set.of()).stream().map(Granule::bytes).collect(Collectors
        .toSet());
  }

  /** None if it has those of a CPU whose description was removed, or became wrong, after the machine was made. */
  private Set<Granule> granules(PlatformNode cpu) {
    Optional<CpuModel> named;
    try {
      named = new InstalledCpus(described()).asked(cpu, CpuModel.INSTRUCTIONS).map(CpuModel::of);
    } catch (ModelException e) {
      return Set.of();
    }
    return Granule.of(cpu.options().getOrDefault(Granule.OPTION, ""), named);
  }

  /** A kernel looks for its granule first of all, and parks the CPU without a word if that isn't there. */
  private static void checkPages(String what, Arm64Image image, Set<Integer> possible) {
    int size = image.pageSize().orElse(0);
    if (size == 0 || possible.isEmpty() || possible.contains(size)) {
      return;
    }
    String had = possible.stream().sorted().map(s -> (s >> 10) + "k").collect(Collectors.joining(","));
    throw new BootException(what + " is made for pages of " + (size >> 10) + " KiB (flags of its header), and the CPUs have granules of "
        + had + " only: it would stop before its first word. Boot with " + option("granules") + " "
        + Stream.concat(possible.stream(), Stream.of(size)).sorted().map(s -> (s >> 10) + "k").collect(Collectors.joining(","))
        + ", or take a kernel with smaller pages.");
  }

  /** Takes the pieces from free memory one after the other. */
  private record Layout(List<MemoryRange> memory, FreeMemory free, long total) {
    MemoryRange kernel(Arm64Image image) {
      if (image.anywhere()) {
        for (MemoryRange range : free.ranges()) {
          OptionalLong roomy = place(image, FreeMemory.alignUp(range.base(), BLOCK) + BLOCK, range);
          if (roomy.isPresent()) {
            return take(roomy.getAsLong(), image.imageSize());
          }
        }
      }
      for (MemoryRange range : free.ranges()) {
        OptionalLong tight = place(image, FreeMemory.alignUp(range.base(), BLOCK), range);
        if (tight.isPresent()) {
          return take(tight.getAsLong(), image.imageSize());
        }
      }
      throw tooSmall("kernel", image.imageSize());
    }

    private static OptionalLong place(Arm64Image image, long base, MemoryRange range) {
      long address = base + image.textOffset();
      return address < range.end() && image.imageSize() <= range.end() - address ? OptionalLong.of(address) : OptionalLong.empty();
    }

    MemoryRange initrd(long size, MemoryRange kernel) {
      long windowStart = kernel.base() & -WINDOW_ALIGNMENT;
      long windowEnd = windowStart + WINDOW;
      MemoryRange bank = memory.stream().filter(kernel::overlaps).findFirst().orElseThrow();
      long usual = bank.base() + Math.min(bank.size() / 2, INITRD_DISTANCE);
      if (usual >= kernel.end() && free.contains(usual, size) && usual + size <= windowEnd) {
        return take(usual, size);
      }
      OptionalLong address = free.find(size, PAGE, kernel.end(), windowEnd);
      if (address.isEmpty()) {
        // Below the kernel; the window then ends where the kernel's last 1 GiB ends.
        long end = FreeMemory.alignUp(kernel.end(), WINDOW_ALIGNMENT);
        address = free.find(size, PAGE, Math.max(0, end - WINDOW), end);
      }
      return take(address.orElseThrow(() -> tooSmall("initrd", size)), size);
    }

    MemoryRange deviceTree(int size, MemoryRange previous) {
      OptionalLong address = free.find(size, BLOCK, previous.end(), Long.MAX_VALUE);
      if (address.isEmpty()) {
        address = free.find(size, BLOCK, 0, Long.MAX_VALUE);
      }
      if (address.isEmpty()) {
        address = free.find(size, PAGE, 0, Long.MAX_VALUE);
      }
      return take(address.orElseThrow(() -> tooSmall("device tree", size)), size);
    }

    /** A module starts with a block, below everything else if there is room: hypervisors free its pages after use. */
    MemoryRange module(BootModule module) {
      if (module.data().length == 0) {
        throw new BootException("the " + module.kind() + " module is empty. Give it a file with something in it.");
      }
      OptionalLong address = free.find(module.data().length, BLOCK, 0, Long.MAX_VALUE);
      return take(address.orElseThrow(() -> tooSmall(module.kind() + " module", module.data().length)),
          module.data().length);
    }

    private MemoryRange take(long address, long size) {
      MemoryRange range = new MemoryRange(address, size);
      free.take(range);
      return range;
    }

    private BootException tooSmall(String what, long size) {
      long largest = free.ranges().stream().mapToLong(MemoryRange::size).max().orElse(0);
      return new BootException(String.format(
          "the %s needs %.1f MiB in one piece, the largest free piece of the machine's %.1f MiB has %.1f. "
              + "Give the machine more memory.", what, size / 1048576.0, total / 1048576.0, largest / 1048576.0));
    }
  }
}
