// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.arm.kit;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.fdt.FdtBuilder;
import org.xenolith.fdt.FdtException;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.fdt.FdtWindow;

/**
 * The nodes that every domain gets from the hypervisor, whatever the host's tree looks like. Order of nodes and
 * properties as Xen 4.17 gives them.
 */
public final class GuestNodes {
  /** Level, low; for the CPUs 0 to 3: what Xen writes for each of its private interrupts. */
  private static final int PPI_FLAGS = 0xf08;
  private static final int PPI = 1;
  private static final int FIRST_PPI = 16;

  private final FdtBuilder parent;
  private final int addressCells;
  private final int sizeCells;

  /** @param parent the root, whose children use that many cells for addresses and sizes */
  public GuestNodes(FdtBuilder parent, int addressCells, int sizeCells) {
    this.parent = parent;
    this.addressCells = addressCells;
    this.sizeCells = sizeCells;
  }

  /** The hypervisor's node. @param gicPhandle of the interrupt controller @return the node, for what is below it */
  public FdtBuilder hypervisor(HypervisorFacts facts, int gicPhandle) {
    List<FdtWindow> windows = new ArrayList<>();
    windows.add(facts.grantWindow());
    windows.addAll(facts.extendedRegions());
    return parent.child("hypervisor").strings("compatible", "xen,xen-" + facts.version(), "xen,xen")
        .add(reg(windows))
        .cells("interrupts", PPI, facts.upcallIntid() - FIRST_PPI, PPI_FLAGS)
        .cells("interrupt-parent", gicPhandle);
  }

  /** PSCI by HVC; the two function numbers serve kernels that know version 0.1 only. */
  public void psci() {
    parent.child("psci").strings("compatible", "arm,psci-1.0", "arm,psci-0.2", "arm,psci").strings("method", "hvc")
        .cells("cpu_off", 1).cells("cpu_on", 2);
  }

  /** The CPUs. @param affinities of each, MPIDR_EL1 bits 23:0 */
  public void cpus(FdtProperty compatible, List<Integer> affinities) {
    FdtBuilder cpus = parent.child("cpus").cells("#address-cells", 1).cells("#size-cells", 0);
    for (int affinity : affinities) {
      cpus.child("cpu@" + Integer.toHexString(affinity)).add(compatible).strings("device_type", "cpu")
          .cells("reg", affinity).strings("enable-method", "psci");
    }
  }

  /** The RAM, in one node. */
  public void memory(List<FdtWindow> banks) {
    parent.child("memory@" + Long.toHexString(banks.getFirst().base())).strings("device_type", "memory")
        .add(reg(banks));
  }

  /** The timer node's own properties; the PPIs are secure physical, physical and virtual, the hypervisor's left out. */
  public static FdtBuilder timer(FdtBuilder timer, int[] intids, int gicPhandle) {
    int[] cells = new int[intids.length * 3];
    for (int i = 0; i < intids.length; i++) {
      cells[i * 3] = PPI;
      cells[i * 3 + 1] = intids[i] - FIRST_PPI;
      cells[i * 3 + 2] = PPI_FLAGS;
    }
    return timer.strings("compatible", "arm,armv8-timer").cells("interrupts", cells)
        .cells("interrupt-parent", gicPhandle);
  }

  private FdtProperty reg(List<FdtWindow> windows) {
    List<Integer> cells = new ArrayList<>();
    for (FdtWindow window : windows) {
      number(cells, window.base(), addressCells);
      number(cells, window.size(), sizeCells);
    }
    return FdtProperty.ofCells("reg", cells.stream().mapToInt(Integer::intValue).toArray());
  }

  private static void number(List<Integer> cells, long number, int count) {
    if (count < 1 || count == 1 && number >>> 32 != 0) {
      throw new FdtException(FdtException.NO_OFFSET, "0x" + Long.toHexString(number) + " doesn't fit " + count
          + " cells of the root node", "give the host's root two address cells and two size cells");
    }
    for (int cell = 2; cell < count; cell++) {
      cells.add(0);
    }
    if (count > 1) {
      cells.add((int) (number >>> 32));
    }
    cells.add((int) number);
  }
}
