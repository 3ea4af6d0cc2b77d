// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.pci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.pci.api.PciBusPort;
import org.xenolith.pci.api.PciRange;
import org.xenolith.pci.api.PciTarget;
import org.xenolith.pci.kit.ConfigTable;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.InterruptSpecifier;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeContext.Message;
import org.xenolith.testkit.FakeMemory;
import org.xenolith.testkit.FakeNode;

/**
 * What the silicon's half of every PCI host bridge must keep, whatever its software has to do to make a configuration cycle. A
 * bridge's test extends this class, says how to make the bridge and on which node, and adds tests of what only this bridge does,
 * such as its quirks. A bridge whose configuration space is not an ECAM in window 0 says how it is reached.
 *
 * <p>An access past a window of the node fails: in a machine it doesn't reach the model. A bridge with a root port in itself says so,
 * and what a port does is checked then, too.
 *
 * <p>A {@link FakeFunction} is plugged in behind the bridge. The random checks make the same accesses in each run.
 */
public abstract class HostBridgeContract {
  /** Path of the bridge that {@link #ecam} makes. */
  protected static final String PATH = "/pcie@10000000";
  private static final int BUSES = 16;
  private static final int MEMORY_SPACE = 2 << 24;
  /** There is no root port in the bridge. */
  protected static final int NO_PORT = -1;
  private static final int BUS_NUMBERS = 0x18;
  private static final int MEMORY_WINDOWS = 0x20;
  private static final int BRIDGE_CONTROL = 0x3E;
  private static final int SECONDARY_RESET = 1 << 6;
  /** The last byte of a window is in its last aligned eight. */
  private static final int WIDEST = 8;
  private static final int MOST_ACCESSES = 64;
  private static final int GIC = 1;
  private static final int FIRST_SPI = 3;
  private static final int PINS = 4;
  private static final int STEPS = 400;
  private static final int ROUNDS = 40;
  private static final long[] SEEDS = {1, 2, 3};
  private static final int IDS = FakeFunction.IDS;

  /** Makes the bridge. */
  protected abstract DeviceModelFactory factory();

  /** Its node, with {@code bus-range}, a window to memory space in {@code ranges}, and {@code interrupt-map}: see {@link #ecam}. */
  protected abstract PlatformNode node();

  /** Nodes that the bridge's node names: what {@link #ecam} needs unless a subclass says otherwise. */
  protected List<PlatformNode> beside() {
    return List.of(FakeNode.at("/gic").cells("phandle", GIC).cells("#interrupt-cells", 3).cells("#address-cells", 0).build());
  }

  /** What firmware or a driver does before anything is reached behind the bridge: clocks, bus numbers, windows. */
  protected void started(FakeContext bridge) {}

  /** What is around the bridge when it is switched on, before the model is made. */
  protected void around(FakeContext bridge) {}

  /** The bus that the contract's function is on, by the number that {@link #started} gave it. */
  protected int bus() {
    return 0;
  }

  /** The function's place on it. */
  protected int devfn() {
    return 2 << 3;
  }

  /**
   * Where the bridge has a root port in itself, behind which the contract's function is: device 7:3, function 2:0 on the root bus, with
   * the bus number {@link #rootBus}. {@link #started} gives it bus numbers and windows. None unless a subclass says; that there is none
   * is checked, too.
   */
  protected int rootPort() {
    return NO_PORT;
  }

  /** Number of the root bus. */
  protected int rootBus() {
    return 0;
  }

  /** Whether something of the bridge's own answers at a place. */
  protected boolean occupied(int bus, int devfn) {
    return false;
  }

  /** A configuration read as software makes it. */
  protected long readConfig(FakeContext bridge, int bus, int devfn, int register, int size) {
    return bridge.read(0, (long) bus << 20 | devfn << 12 | register, size);
  }

  /** A configuration write as software makes it. */
  protected void writeConfig(FakeContext bridge, int bus, int devfn, int register, int size, long value) {
    bridge.write(0, (long) bus << 20 | devfn << 12 | register, size, value);
  }

  /** Where the function's pin leads to. @param pin 1 for INTA to 4 for INTD */
  protected InterruptSpecifier line(int pin) {
    return new InterruptSpecifier("/gic", new int[] {0, FIRST_SPI + ((devfn() >> 3) + pin - 1) % PINS, 4});
  }

  /** The last bus that the bridge leads to. */
  protected int lastBus() {
    return BUSES - 1;
  }

  /**
   * A bridge with 16 buses of ECAM in window 0; addresses in its window to memory space are others on the bus; the pins of devices
   * rotate over four lines.
   */
  protected static FakeNode ecam(String... compatible) {
    return bridge((long) BUSES << 20, compatible);
  }

  /** The same with another window 0, such as one of a few registers that make configuration cycles. @param size bytes of the window */
  protected static FakeNode bridge(long size, String... compatible) {
    int[] map = new int[PINS * PINS * 8];
    for (int i = 0; i < PINS * PINS; i++) {
      int[] entry = {i / PINS << 11, 0, 0, i % PINS + 1, GIC, 0, FIRST_SPI + (i / PINS + i % PINS) % PINS, 4};
      System.arraycopy(entry, 0, map, i * entry.length, entry.length);
    }
    return FakeNode.at(PATH).compatible(compatible).window(0x40_1000_0000L, size).cells("bus-range", 0, BUSES - 1)
        .cells("ranges", MEMORY_SPACE, 0, 0x8000_0000, 0, 0x1000_0000, 0, 0x100_0000)
        .cells("interrupt-map-mask", 0x1800, 0, 0, 7).cells("interrupt-map", map);
  }

  // ---- Configuration cycles

  @Test
  protected final void describesItself() {
    assertFalse(factory().description().name().isBlank(), "a name, as on the data sheet");
    assertFalse(factory().description().summary().isBlank(), "a summary of one sentence");
    assertFalse(factory().description().reference().isBlank(), "the manual it is built from");
  }

  @Test
  protected final void whereNothingIsReadsAreAllOnesAndWritesAreLost() {
    BridgeRig rig = rig(1);
    for (int bus = 0; bus <= lastBus(); bus++) {
      for (int devfn = 0; devfn < 256; devfn += bus == bus() ? 1 : 37) {
        if (!occupied(bus, devfn) && !(bus == bus() && devfn == devfn())) {
          String place = bus + ":" + (devfn >> 3) + "." + (devfn & 7);
          writeConfig(rig.bridge, bus, devfn, 0x3C, 1, 0x42);
          for (int size = 1; size <= 4; size *= 2) {
            assertEquals(hex(ones(size)), hex(readConfig(rig.bridge, bus, devfn, 0, size)), size + " bytes at " + place);
          }
        }
      }
    }
    assertEquals(0, rig.config(0x3C, 1), "a write to where nothing is changed the function at " + bus() + ":" + (devfn() >> 3));
  }

  @Test
  protected final void theFunctionAnswersAtItsPlace() {
    assertEquals(hex(IDS & 0xFFFF_FFFFL), hex(rig(1).config(0, 4)));
  }

  @Test
  protected final void narrowReadsTakeTheirLanes() {
    BridgeRig rig = rig(1);
    for (int register = 0; register < 0x40; register += 4) {
      long word = rig.config(register, 4);
      for (int size = 1; size <= 2; size++) {
        for (int lane = 0; lane < 4; lane += size) {
          assertEquals(hex(word >>> 8 * lane & ones(size)), hex(rig.config(register + lane, size)),
              size + " bytes at 0x" + Integer.toHexString(register + lane) + " of 0x" + Long.toHexString(word));
        }
      }
    }
  }

  @Test
  protected final void narrowWritesTouchTheirLanesOnly() {
    BridgeRig rig = rig(1);
    rig.config(ConfigTable.BAR0, 4, 0x1234_5000);
    rig.config(ConfigTable.BAR0 + 2, 2, 0x8765);
    assertEquals(hex(0x8765_5000L), hex(rig.config(ConfigTable.BAR0, 4)), "after two bytes at 2");
    rig.config(ConfigTable.BAR0 + 1, 1, 0xA0);
    assertEquals(hex(0x8765_A000L), hex(rig.config(ConfigTable.BAR0, 4)), "after a byte at 1");
    rig.config(ConfigTable.BAR0 + 3, 1, 0x11);
    assertEquals(hex(0x1165_A000L), hex(rig.config(ConfigTable.BAR0, 4)), "after a byte at 3");
  }

  /** However many registers it takes, such as an index and a data register: one access of software is one cycle of the function asked. */
  @Test
  protected final void anAccessIsOneCycle() {
    BridgeRig rig = rig(1);
    CycleProbe probe = rig.probe();
    rig.config(0x3C, 4);
    assertEquals(List.of("read 3c"), probe.cycles(), "what a read of four bytes was to the function");
    probe.cycles().clear();
    rig.config(0x3C, 1, 0x42);
    assertEquals(List.of("write 3c"), probe.cycles().stream().filter(cycle -> cycle.startsWith("write")).toList(),
        "what a write of a byte was to the function");
    probe.cycles().clear();
    readConfig(rig.bridge, bus(), devfn() ^ 1, 0x3C, 4);
    assertEquals(List.of(), probe.cycles(), "what a read of its neighbour was to the function");
  }

  /** Another version takes over between two accesses of a cycle, after the function was aimed at and before it is reached. */
  @Test
  protected final void aCycleIsWhatItWasThoughTheBridgeIsReplaced() {
    int accesses = 0;
    for (boolean all = false; !all; accesses++) {
      BridgeRig rig = rig(1);
      FakeContext used = rig.bridge;
      used.afterAccesses(accesses, rig::takeOver);
      long value = readConfig(used, bus(), devfn(), 0, 4);
      assertEquals(hex(IDS & 0xFFFF_FFFFL), hex(value), "ids, with another version after " + accesses + " accesses");
      all = !used.takenOver();
      assertTrue(accesses < MOST_ACCESSES, "a read takes " + accesses + " accesses");
    }
  }

  /** A model that answers beyond what its node says stands in the way of others. */
  @Test
  protected final void nothingIsClaimedThatTheNodeHasNot() {
    BridgeRig rig = rig(1);
    List<AddressWindow> said = Stream.concat(rig.bridge.node().windows().stream(), PciRange.of(rig.bridge).stream().map(PciRange::cpu))
        .toList();
    for (AddressWindow claim : rig.bridge.claims()) {
      assertTrue(said.stream().anyMatch(w -> Long.compareUnsigned(claim.base() - w.base(), w.size()) < 0
          && Long.compareUnsigned(claim.size(), w.size() - (claim.base() - w.base())) <= 0), claim + " is in none of the node's " + said);
    }
  }

  /** The bridge answers, or the bus aborts, to the end of each window. */
  @Test
  protected final void windowsAnswerToTheirEnds() {
    BridgeRig rig = rig(1);
    rig.enable();
    for (AddressWindow claim : rig.bridge.claims()) {
      for (long at : new long[] {claim.base(), claim.end() - WIDEST}) {
        try {
          rig.bridge.writeAt(at, 4, 0);
          rig.bridge.readAt(at, 4);
        } catch (ExternalAbort refused) {
          // An answer, too.
        } catch (RuntimeException e) {
          throw new AssertionError("an access at 0x" + Long.toHexString(at) + " in " + claim + " threw " + e, e);
        }
      }
    }
  }

  // ---- A root port in the bridge

  @Test
  protected final void aRootPortIsABridgeWhereItIsSaid() {
    BridgeRig rig = rig(1);
    if (rootPort() == NO_PORT) {
      PciTarget within = rig.bridge.port(busPath(), PciBusPort.class).bridge();
      assertNull(within, "a root port in the bridge that the test doesn't tell of: see rootPort");
      return;
    }
    assertEquals(1, readConfig(rig.bridge, rootBus(), rootPort(), 0x0E, 1) & 0x7F, "header type of the root port");
    assertEquals(hex(0x0604), hex(readConfig(rig.bridge, rootBus(), rootPort(), 0x0A, 2)), "its class");
  }

  @Test
  protected final void whatIsBehindARootPortIsReachedThroughIt() {
    if (rootPort() == NO_PORT) {
      return;
    }
    BridgeRig rig = rig(1);
    rig.enable();
    long numbers = rig.port(BUS_NUMBERS, 4);
    rig.port(BUS_NUMBERS, 4, numbers & 0xFF00_0000L);
    assertEquals(hex(ones(4)), hex(rig.config(0, 4)), "ids of the function while the port has no bus numbers");
    rig.port(BUS_NUMBERS, 4, numbers);
    assertEquals(hex(IDS & 0xFFFF_FFFFL), hex(rig.config(0, 4)), "and with them");
    long memory = rig.port(MEMORY_WINDOWS, 4);
    long prefetchable = rig.port(MEMORY_WINDOWS + 4, 4);
    rig.bridge.writeAt(rig.cpu(8), 4, 0x1122_3344);
    rig.port(MEMORY_WINDOWS, 4, 0x0000_FFF0);
    rig.port(MEMORY_WINDOWS + 4, 4, 0x0000_FFF0);
    assertEquals(hex(ones(4)), hex(rig.bridge.readAt(rig.cpu(8), 4)), "the function's BAR with the port's windows closed");
    rig.port(MEMORY_WINDOWS, 4, memory);
    rig.port(MEMORY_WINDOWS + 4, 4, prefetchable);
    assertEquals(hex(0x1122_3344), hex(rig.bridge.readAt(rig.cpu(8), 4)), "and open");
    long command = rig.port(ConfigTable.COMMAND, 2);
    rig.port(ConfigTable.COMMAND, 2, command & ~ConfigTable.COMMAND_MASTER);
    assertThrows(ExternalAbort.class, () -> rig.function.dma().write(FakeMemory.BASE, 4, 0), "the port is no bus master");
    rig.port(ConfigTable.COMMAND, 2, command);
    rig.port(BRIDGE_CONTROL, 2, rig.port(BRIDGE_CONTROL, 2) | SECONDARY_RESET);
    rig.port(BRIDGE_CONTROL, 2, rig.port(BRIDGE_CONTROL, 2) & ~SECONDARY_RESET);
    assertEquals(0, rig.config(ConfigTable.COMMAND, 2), "the function's command after a reset of the port's bus");
  }

  // ---- The window to the bus

  @Test
  protected final void theWindowReachesWhatDecodes() {
    BridgeRig rig = rig(1);
    assertEquals(hex(ones(4)), hex(rig.bridge.readAt(rig.cpu(0), 4)), "before anything decodes");
    rig.enable();
    rig.bridge.writeAt(rig.cpu(8), 4, 0x1122_3344);
    assertEquals(hex(0x1122_3344), hex(rig.function.readBar(0, 8, 4)), "what the function got of a write");
    for (int lane = 0; lane < 4; lane++) {
      assertEquals(hex(0x1122_3344 >>> 8 * lane & 0xFF), hex(rig.bridge.readAt(rig.cpu(8 + lane), 1)), "byte " + lane);
    }
    rig.bridge.writeAt(rig.cpu(FakeFunction.SIZE), 4, 7);
    assertEquals(hex(ones(4)), hex(rig.bridge.readAt(rig.cpu(FakeFunction.SIZE), 4)), "behind the BAR");
    rig.config(ConfigTable.COMMAND, 2, ConfigTable.COMMAND_MASTER);
    assertEquals(hex(ones(4)), hex(rig.bridge.readAt(rig.cpu(8), 4)), "without memory decoding");
  }

  // ---- Requests of functions

  @Test
  protected final void requestsReachMemoryAndSayWhoseTheyAre() {
    BridgeRig rig = rig(1);
    rig.enable();
    rig.function.dma().write(FakeMemory.BASE + 64, 4, 0x5566_7788);
    assertEquals(hex(0x5566_7788), hex(rig.bridge.dma().read(FakeMemory.BASE + 64, 4)));
    assertEquals(hex(0x5566_7788), hex(rig.function.dma().read(FakeMemory.BASE + 64, 4)));
    rig.function.dma().write(0x808_0040, 4, 3);
    assertEquals(List.of(new Message(bus() << 8 | devfn(), 0x808_0040, 4, 3)), rig.bridge.sentMessages(), "a message, by its requester");
    rig.config(ConfigTable.COMMAND, 2, ConfigTable.COMMAND_MEMORY);
    assertThrows(ExternalAbort.class, () -> rig.function.dma().write(FakeMemory.BASE, 4, 0), "no bus master");
  }

  @Test
  protected final void pinsLeadToTheirLines() {
    for (int pin = 1; pin <= PINS; pin++) {
      BridgeRig rig = rig(pin);
      rig.function.pin(true);
      for (int other = 1; other <= PINS; other++) {
        assertEquals(other == pin, rig.bridge.line(line(other)).level(), "the line of INT" + (char) ('@' + other) + " while INT"
            + (char) ('@' + pin) + " is high");
      }
      rig.function.pin(false);
      assertFalse(rig.bridge.line(line(pin)).level(), "INT" + (char) ('@' + pin) + " is low again");
    }
  }

  // ---- The model's life

  /** A guest can't throw, whatever it does. The bus's abort is an answer, not a failure. */
  @Test
  protected final void noAccessThrows() {
    for (long seed : SEEDS) {
      rig(1).run(new Random(seed), 4 * STEPS);
    }
  }

  @Test
  protected final void resetBringsBackTheBeginning() {
    for (long seed : SEEDS) {
      BridgeRig rig = rig(1);
      StateRecord fresh = rig.fresh;
      Random random = new Random(seed);
      for (int i = 0; i < ROUNDS; i++) {
        rig.run(random, STEPS / ROUNDS);
        rig.model.reset();
        assertEquals(fresh, rig.model.state().save(), "state after reset " + (i + 1) + ", seed " + seed);
      }
    }
  }

  /** Other versions take over now and then: no answer or line differs from a run without it, and functions don't notice. */
  @Test
  protected final void handOverLosesNothing() {
    for (long seed : SEEDS) {
      BridgeRig alone = rig(1);
      BridgeRig changing = rig(1);
      Random one = new Random(seed);
      Random other = new Random(seed);
      for (int i = 0; i < ROUNDS; i++) {
        String when = " hand-over " + i + ", seed " + seed;
        assertEquals(alone.run(one, STEPS / ROUNDS), changing.run(other, STEPS / ROUNDS), "answers after" + when);
        StateRecord state = changing.model.state().save();
        StateRecord function = changing.function.state().save();
        changing.replace();
        assertEquals(state, changing.model.state().save(), "state after" + when);
        assertEquals(function, changing.function.state().save(), "state of the function after" + when);
      }
    }
  }

  /** Nothing passes a bridge that is gone; what is behind it stays as it was. */
  @Test
  protected final void nothingPassesARemovedBridge() {
    BridgeRig rig = rig(1);
    rig.enable();
    StateRecord function = rig.function.state().save();
    rig.model.removed();
    assertThrows(ExternalAbort.class, () -> rig.function.dma().write(FakeMemory.BASE, 4, 1), "a function reached memory");
    rig.function.pin(true);
    assertFalse(rig.bridge.line(line(1)).level(), "a pin reached its line");
    rig.function.pin(false);
    assertEquals(function, rig.function.state().save(), "state of the function");
    assertNotNull(rig.bridge.port(busPath(), PciBusPort.class).function(devfn()), "the function was thrown off its bus");
  }

  /** Path of the node whose bus the function is on. */
  protected String busPath() {
    return node().path();
  }

  private BridgeRig rig(int pin) {
    return new BridgeRig(this, pin);
  }

  static long ones(int size) {
    return 0xFFFF_FFFFL >>> 32 - 8 * size;
  }

  static String hex(long value) {
    return "0x" + Long.toHexString(value);
  }
}
