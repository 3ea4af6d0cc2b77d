// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.pci;

import org.xenolith.pci.kit.ConfigTable;
import org.xenolith.pci.kit.PciHost;
import org.xenolith.platform.api.InterruptSpecifier;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeLine;
import org.xenolith.testkit.FakeNode;

/**
 * A host bridge whose root bus has room for one function, device 1, with INTA at a line of its own. It uses what every host bridge
 * uses; the guest's accesses go through its window to the bus.
 */
public final class FakePciHost {
  /** Where the window to the bus, and the function's BAR 0, begin. */
  public static final long MEMORY = 0x1000_0000L;
  /** The function's place on the bus. */
  public static final int DEVFN = 1 << 3;
  private static final String PATH = "/pcie@10000000";
  private static final int CONTROLLER = 1;
  private static final int CAPABILITIES = 0x34;
  /** As many as fit between the header and the end of the first 256 bytes. */
  private static final int MOST_CAPABILITIES = 48;

  private final FakeContext context;
  private final PciHost host;

  /** A host bridge with nothing on its bus. */
  public FakePciHost() {
    context = new FakeContext(FakeNode.at(PATH).compatible("pci-host-ecam-generic")
        .cells("ranges", 2 << 24, 0, (int) MEMORY, 0, (int) MEMORY, 0, 0x100_0000)
        .cells("interrupt-map", DEVFN << 8, 0, 0, 1, CONTROLLER, 0, 7, 4).build());
    context.beside(FakeNode.at("/gic").cells("phandle", CONTROLLER).cells("#interrupt-cells", 3).cells("#address-cells", 0).build());
    host = new PciHost(context);
    host.claimRanges();
  }

  /** A node for the function; its options may be added. */
  public static FakeNode function(String name, String compatible) {
    return FakeNode.at(PATH + "/" + name).compatible(compatible).cells("reg", DEVFN << 8, 0, 0, 0, 0);
  }

  /** The context of the host bridge, for clock, memory and messages. */
  public FakeContext context() {
    return context;
  }

  /** The host bridge's bus and configuration cycles. */
  public PciHost host() {
    return host;
  }

  /** The line that INTA leads to. */
  public FakeLine pin() {
    return context.line(new InterruptSpecifier("/gic", new int[] {0, 7, 4}));
  }

  /** A read of the function's configuration space. */
  public int config(int offset, int size) {
    return host.readConfig(0, DEVFN, offset, size);
  }

  /** A write to the function's configuration space. */
  public void config(int offset, int size, int value) {
    host.writeConfig(0, DEVFN, offset, size, value);
  }

  /** Where the function's first capability with an id is, from {@code after} on. @param after 0, or a capability's place */
  public int capability(int id, int after) {
    int at = config(after == 0 ? CAPABILITIES : after + 1, 1);
    for (int count = 0; at != 0 && config(at, 1) != id; count++) {
      if (count == MOST_CAPABILITIES) {
        throw new AssertionError("the list of capabilities has no end");
      }
      at = config(at + 1, 1);
    }
    return at;
  }

  /** Puts BAR 0 at {@link #MEMORY} and switches memory space and bus master on. */
  public void enable() {
    config(ConfigTable.BAR0, 4, (int) MEMORY);
    config(ConfigTable.BAR0 + 4, 4, 0);
    config(ConfigTable.COMMAND, 2, ConfigTable.COMMAND_MEMORY | ConfigTable.COMMAND_MASTER);
  }

  /** A guest's read in BAR 0. */
  public long read(long offset, int size) {
    return context.readAt(MEMORY + offset, size);
  }

  /** A guest's write in BAR 0. */
  public void write(long offset, int size, long value) {
    context.writeAt(MEMORY + offset, size, value);
  }

  /** Fills a table of vectors: {@code n} goes to 0x8000000 + 16 n with data 0x100 + n. MSI-X is on then. */
  public void enableMessages(long table, int vectors) {
    for (int vector = 0; vector < vectors; vector++) {
      write(table + 16L * vector, 8, 0x800_0000L + 16 * vector);
      write(table + 16L * vector + 8, 4, 0x100 + vector);
      write(table + 16L * vector + 12, 4, 0);
    }
    config(capability(0x11, 0) + 2, 2, 0x8000);
  }
}
