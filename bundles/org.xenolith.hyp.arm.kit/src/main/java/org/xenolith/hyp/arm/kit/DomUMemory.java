// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.arm.kit;

import java.util.List;
import org.xenolith.fdt.FdtWindow;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.hyp.build.kit.BuildPorts;
import org.xenolith.hyp.build.kit.NewDomain;
import org.xenolith.hyp.build.kit.ServiceRings;

/**
 * RAM of a domain that sees no hardware of the host, and the pages that it shares with the service domain.
 *
 * @param banks of RAM, by ascending address
 */
public record DomUMemory(List<FdtWindow> banks) {
  private static final int MAGIC_PAGES = 4;
  private static final int CONSOLE_PAGE = 0;
  private static final int STORE_PAGE = 1;

  /** Copies the list. */
  public DomUMemory {
    banks = List.copyOf(banks);
  }

  /**
   * Gives a domain its RAM and those pages, and room for grant frames.
   *
   * @param bytes of RAM, a multiple of 4 KiB
   * @throws IllegalArgumentException if it isn't
   * @throws HypervisorException      if the machine hasn't so much free memory
   */
  public static DomUMemory give(NewDomain made, BuildPorts ports, long bytes) {
    DomUMemory memory = new DomUMemory(DomUMap.banks(bytes));
    memory.banks.forEach(bank -> populate(made, ports, bank));
    populate(made, ports, new FdtWindow(DomUMap.MAGIC.base(), MAGIC_PAGES << NewDomain.PAGE_SHIFT));
    made.grantRegion(DomUMap.GRANT_WINDOW);
    return memory;
  }

  /**
   * Gives a domain memory at a place.
   *
   * @throws HypervisorException if the machine hasn't so much free memory
   */
  public static void populate(NewDomain made, BuildPorts ports, FdtWindow place) {
    made.demand(ports.p2m().populate(made.domain(), place.base() >>> NewDomain.PAGE_SHIFT, place.size() >>> NewDomain.PAGE_SHIFT),
        "populating 0x" + Long.toHexString(place.size()) + " bytes at 0x" + Long.toHexString(place.base()));
  }

  /** Connects the domain's console and store. */
  public static void connect(NewDomain made, ServiceRings rings) {
    long magic = DomUMap.MAGIC.base() >>> NewDomain.PAGE_SHIFT;
    rings.connect(made, magic + CONSOLE_PAGE, magic + STORE_PAGE);
  }
}
