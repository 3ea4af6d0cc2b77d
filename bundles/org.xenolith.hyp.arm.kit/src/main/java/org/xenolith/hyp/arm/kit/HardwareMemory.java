// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.arm.kit;

import java.util.List;
import java.util.stream.Stream;
import org.xenolith.fdt.FdtWindow;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainImage;
import org.xenolith.hyp.api.PageType;
import org.xenolith.hyp.build.kit.BuildPorts;
import org.xenolith.hyp.build.kit.DirectMemory;
import org.xenolith.hyp.build.kit.NewDomain;
import org.xenolith.hyp.kit.MachineMemory;

/**
 * RAM of the hardware domain, at the machine's own addresses.
 *
 * @param ram    the machine's
 * @param banks  the domain's, cleared and mapped, by ascending address
 * @param grants room for what the hypervisor shows the domain as RAM: grant frames, or what describes the machine
 */
public record HardwareMemory(List<FdtWindow> ram, List<FdtWindow> banks, FdtWindow grants) {
  private static final long BLOCK = 2L << 20;
  /** Room for a grant table while there is nobody to say how large it may get. */
  private static final int USUAL_GRANT_FRAMES = 64;

  /** Copies the lists. */
  public HardwareMemory {
    ram = List.copyOf(ram);
    banks = List.copyOf(banks);
  }

  /**
   * Gives a domain its RAM.
   *
   * @param kept    RAM of the machine that no domain can have, besides what the platform reserves
   * @param besides pages in {@link #grants} besides those of grant frames
   * @throws IllegalArgumentException if there isn't so much free RAM
   */
  public static HardwareMemory give(NewDomain made, BuildPorts ports, DomainImage image, List<FdtWindow> kept, int besides) {
    Domain domain = made.domain();
    List<FdtWindow> ram = ports.domains().platform().memory().stream().map(w -> new FdtWindow(w.base(), w.size())).toList();
    List<FdtWindow> banks = new DirectMemory(ports.frames(), domain.serial(), ram).allocate(image.memory(), modules(ram, image));
    DirectMemory.clear(new MachineMemory(ports.bus()), banks);
    for (FdtWindow bank : banks) {
      long frame = bank.base() >>> NewDomain.PAGE_SHIFT;
      made.demand(ports.p2m().map(domain, frame, frame, bank.size() >>> NewDomain.PAGE_SHIFT, PageType.RAM),
          "mapping its RAM at 0x" + Long.toHexString(bank.base()));
    }
    int frames = ports.grants().limit(domain);
    return new HardwareMemory(ram, banks, grantWindow(ram, Stream.of(banks, kept, reserved(ports)).flatMap(List::stream)
        .toList(),
        (frames > 0 ? frames : USUAL_GRANT_FRAMES) + besides));
  }

  /** What the platform keeps from everybody. */
  public static List<FdtWindow> reserved(BuildPorts ports) {
    return ports.domains().platform().reserved().stream().map(w -> new FdtWindow(w.base(), w.size())).toList();
  }

  /** The first pages of {@link #grants}. */
  public FdtWindow first(int pages) {
    return new FdtWindow(grants.base(), (long) pages << NewDomain.PAGE_SHIFT);
  }

  /** {@link #grants} without its first pages. */
  public FdtWindow behind(int pages) {
    FdtWindow first = first(pages);
    return new FdtWindow(first.base() + first.size(), grants.size() - first.size());
  }

  /** Where a boot loader leaves what Xen is to start: at the start of RAM. */
  private static List<FdtWindow> modules(List<FdtWindow> ram, DomainImage image) {
    long size = (image.kernel().length + BLOCK - 1 & -BLOCK) + (image.ramdisk().length + BLOCK - 1 & -BLOCK);
    return ram.stream().limit(1).map(first -> new FdtWindow(first.base(), size)).toList();
  }

  /**
   * Room for grant frames where the machine has RAM that isn't the domain's: nothing else can stand there.
   *
   * @param taken the domain's RAM, and what else nobody can have
   * @throws IllegalArgumentException if there is none
   */
  public static FdtWindow grantWindow(List<FdtWindow> ram, List<FdtWindow> taken, int frames) {
    long size = (long) frames << NewDomain.PAGE_SHIFT;
    long blocks = size + BLOCK - 1 & -BLOCK;
    for (FdtWindow room : ram) {
      for (long at = (room.base() + BLOCK - 1 & -BLOCK) + BLOCK; at + blocks <= room.base() + room.size(); at += BLOCK) {
        long from = at;
        if (taken.stream().noneMatch(b -> b.base() < from + blocks && from < b.base() + b.size())) {
          return new FdtWindow(at, size);
        }
      }
    }
    throw new IllegalArgumentException("the domain's grant table finds no room: give the domain at least "
        + ((blocks + BLOCK) >> 20) + " MiB less than the machine has");
  }
}
