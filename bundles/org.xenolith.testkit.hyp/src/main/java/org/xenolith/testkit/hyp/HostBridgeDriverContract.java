// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.hyp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.HostBridgePort;
import org.xenolith.hyp.api.HostBridgesPort;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.PlatformNode;

/**
 * What the hypervisor's driver of every host bridge must do, whatever the bridge is like. A test of a driver extends this and gives
 * the bridge: its node, its registers as they work (with the defects that the driver copes with), and what the hardware domain's own
 * driver does before a configuration cycle.
 */
public abstract class HostBridgeDriverContract {
  private static final int PATTERN = 0x40;
  private static final int BYTES = 16;
  private static final int ACCESSES = 20_000;

  /** Functions behind the bridge. */
  protected final FakeConfiguration behind = new FakeConfiguration();
  /** The hypervisor that the driver is in. */
  protected final FakeHypervisor hyp = new FakeHypervisor(1, options());
  private boolean powered = true;
  private int accesses;

  /** The driver. */
  protected abstract DeviceModelFactory factory();

  /** Its role. */
  protected abstract String role();

  /** A node of a bridge that it serves, with {@code device_type = "pci"}. */
  protected abstract PlatformNode node();

  /** Registers of that bridge, by physical addresses; its configuration cycles go to {@link #behind}. */
  protected abstract PhysicalBus hardware();

  /**
   * What the hardware domain's driver does before it accesses a register of a function's configuration space.
   *
   * @return the physical address that it accesses then
   */
  protected abstract long aim(HostBridgePort bridge, FakeConfiguration seen, int rid, int register);

  /** Options of the driver, by name. */
  protected Map<String, String> options() {
    return Map.of();
  }

  /** Routing id of a function behind the root bus that the bridge reaches. */
  protected int card() {
    return bridge().firstBus() + 1 << 8;
  }

  /** Puts the driver in on first use, and gives the bridge with it. */
  protected final HostBridgePort bridge() {
    if (hyp.context(role()) == null) {
      PlatformNode node = node();
      hyp.beside(node);
      PhysicalBus hardware = hardware();
      node.windows().forEach(window -> hyp.machine().window(window, window(window, new Powered(hardware))));
      hyp.install(role(), factory());
      assertEquals(0, accesses, "a bridge may be without clock when its driver comes: it must not be touched");
    }
    List<HostBridgePort> all = hyp.port(HostBridgesPort.class).all();
    assertEquals(1, all.size(), "bridges: is device_type \"pci\" there?");
    assertTrue(all.getFirst().present(), () -> "the driver doesn't take the bridge: " + hyp.context(role()).reportedEvents());
    return all.getFirst();
  }

  /** A window of hardware that is asked by physical addresses, for {@link FakeMachine#window}. */
  public static MmioHandler window(AddressWindow window, PhysicalBus hardware) {
    return new MmioHandler() {
      @Override
      public long read(long offset, int size) {
        return hardware.read(window.base() + offset, size);
      }

      @Override
      public void write(long offset, int size, long value) {
        hardware.write(window.base() + offset, size, value);
      }
    };
  }

  private final class Powered implements PhysicalBus {
    private final PhysicalBus hardware;

    Powered(PhysicalBus hardware) {
      this.hardware = hardware;
    }

    @Override
    public long read(long address, int size) {
      accesses++;
      if (!powered) {
        throw ExternalAbort.INSTANCE;
      }
      return hardware.read(address, size);
    }

    @Override
    public void write(long address, int size, long value) {
      accesses++;
      if (!powered) {
        throw ExternalAbort.INSTANCE;
      }
      hardware.write(address, size, value);
    }
  }

  private FakeConfiguration.Function plug(FakeConfiguration at, int rid, int seed) {
    FakeConfiguration.Function function = at.add(rid, 0x1000_1DED + seed);
    for (int i = 0; i < BYTES; i++) {
      function.put(PATTERN + i, 1, seed + 0x11 * i);
    }
    return function;
  }

  // ---- the hypervisor's own cycles

  @Test
  void everySizeIsReadAtEveryPlace() {
    int card = card();
    FakeConfiguration.Function function = plug(behind, card, 3);
    for (int size = 1; size <= 4; size *= 2) {
      for (int at = PATTERN; at < PATTERN + BYTES; at += size) {
        assertEquals(function.get(at, size), bridge().read(card, at, size), "register 0x" + Integer.toHexString(at) + ", size " + size);
      }
    }
  }

  @Test
  void everySizeIsWrittenAtEveryPlaceAndNothingElse() {
    int card = card();
    for (int size = 1; size <= 4; size *= 2) {
      for (int at = PATTERN; at < PATTERN + BYTES; at += size) {
        FakeConfiguration.Function function = plug(behind, card, 5);
        FakeConfiguration.Function expected = plug(new FakeConfiguration(), card, 5).put(at, size, 0x8A9B_ACBD);
        bridge().write(card, at, size, 0x8A9B_ACBD & (int) (-1L >>> 64 - 8 * size));
        for (int i = 0; i < BYTES; i += 4) {
          assertEquals(expected.get(PATTERN + i, 4), function.get(PATTERN + i, 4),
              "register 0x" + Integer.toHexString(at) + ", size " + size);
        }
      }
    }
  }

  @Test
  void whereNothingIsReadsAreAllOnes() {
    int card = card();
    for (int size = 1; size <= 4; size *= 2) {
      assertEquals(size == 4 ? -1 : (1 << 8 * size) - 1, bridge().read(card, PATTERN, size));
    }
    bridge().write(card, PATTERN, 4, 1);
  }

  @Test
  void functionsAreToldApart() {
    int card = card();
    plug(behind, card, 1);
    plug(behind, card + 1, 2);
    plug(behind, card + 0x108, 3);
    assertEquals(1, bridge().read(card, PATTERN, 1));
    assertEquals(2, bridge().read(card + 1, PATTERN, 1));
    assertEquals(3, bridge().read(card + 0x108, PATTERN, 1));
    assertEquals(1, bridge().read(card, PATTERN, 1));
  }

  @Test
  void noCycleIsMadeOutsideTheBridgesBuses() {
    HostBridgePort bridge = bridge();
    behind.cycles().clear();
    if (bridge.lastBus() < 255) {
      assertEquals(-1, bridge.read(bridge.lastBus() + 1 << 8, 0, 4));
      bridge.write(bridge.lastBus() + 1 << 8, 4, 2, 6);
    }
    if (bridge.firstBus() > 0) {
      assertEquals(-1, bridge.read(bridge.firstBus() - 1 << 8, 0, 4));
    }
    assertEquals(List.of(), behind.cycles());
    assertTrue(bridge.firstBus() <= bridge.lastBus());
  }

  @Test
  void aBridgeWithoutPowerReadsAllOnes() {
    int card = card();
    plug(behind, card, 1);
    powered = false;
    assertEquals(-1, bridge().read(card, PATTERN, 4));
    assertEquals(0xFF, bridge().read(card, PATTERN + 1, 1));
    bridge().write(card, PATTERN, 4, 0);
    powered = true;
    assertEquals(behind.at(card).get(PATTERN, 4), bridge().read(card, PATTERN, 4), "it doesn't come back");
  }

  // ---- the hardware domain's

  @Test
  void whatIsKeptFromTheHardwareDomainIsWholePages() {
    List<AddressWindow> kept = bridge().configuration();
    assertFalse(kept.isEmpty(), "no window: the hardware domain reaches every function");
    for (AddressWindow window : kept) {
      assertEquals(0, (window.base() | window.size()) & 0xFFF, window.toString());
      assertTrue(window.size() > 0);
    }
  }

  @Test
  void theHardwareDomainMakesEveryCycleThroughWhatItMaySee() {
    int card = card();
    plug(behind, card, 1);
    FakeConfiguration seen = new FakeConfiguration();
    FakeConfiguration.Function function = plug(seen, card, 7);
    long address = aim(bridge(), seen, card, PATTERN);
    assertTrue(kept(address), "0x" + Long.toHexString(address) + " isn't kept from the hardware domain");
    behind.cycles().clear();
    assertEquals(function.get(PATTERN, 4), (int) bridge().trappedRead(seen, address, 4));
    bridge().trappedWrite(seen, address, 4, 0x1234_5678);
    assertEquals(0x1234_5678, function.get(PATTERN, 4));
    bridge().trappedWrite(seen, address + 2, 2, 0xABCD);
    assertEquals(0xABCD_5678, function.get(PATTERN, 4));
    assertEquals(List.of(), behind.cycles(), "the hardware domain reaches the function itself");
  }

  @Test
  void eightBytesAreTwoCyclesAndCrookedOnesNone() {
    int card = card();
    FakeConfiguration seen = new FakeConfiguration();
    FakeConfiguration.Function function = plug(seen, card, 7);
    long address = aim(bridge(), seen, card, PATTERN);
    assertEquals(function.get(PATTERN, 4) & 0xFFFF_FFFFL | (long) function.get(PATTERN + 4, 4) << 32,
        bridge().trappedRead(seen, address, 8));
    bridge().trappedWrite(seen, address, 8, 0x1122_3344_5566_7788L);
    assertEquals(0x5566_7788, function.get(PATTERN, 4));
    assertEquals(0x1122_3344, function.get(PATTERN + 4, 4));
    seen.cycles().clear();
    assertEquals(0xFFFF, bridge().trappedRead(seen, address + 1, 2) & 0xFFFF);
    assertEquals(-1L, bridge().trappedRead(seen, address + 4, 8));
    bridge().trappedWrite(seen, address + 2, 4, 0);
    bridge().trappedWrite(seen, address, 16, 0);
    assertEquals(List.of(), seen.cycles());
  }

  @Test
  void theHypervisorsCyclesDontDisturbTheHardwareDomains() {
    int card = card();
    plug(behind, card + 1, 2);
    FakeConfiguration seen = new FakeConfiguration();
    plug(seen, card, 7);
    plug(seen, card + 1, 9);
    long address = aim(bridge(), seen, card, PATTERN);
    assertEquals(2, bridge().read(card + 1, PATTERN, 1));
    assertEquals(7, bridge().trappedRead(seen, address, 1));
    bridge().trappedWrite(seen, address, 1, 8);
    assertEquals(2, bridge().read(card + 1, PATTERN, 1), "the hypervisor's cycle goes where the hardware domain's driver aims");
    assertEquals(8, bridge().trappedRead(seen, address, 1));
  }

  @Test
  void noAccessHoweverCrookedTakesItOut() {
    HostBridgePort bridge = bridge();
    plug(behind, card(), 1);
    FakeConfiguration seen = new FakeConfiguration();
    plug(seen, card(), 2);
    List<AddressWindow> kept = bridge.configuration();
    int[] sizes = {1, 2, 4, 8, 0, 3, 16};
    Random random = new Random(33);
    for (int i = 0; i < ACCESSES; i++) {
      AddressWindow window = kept.get(random.nextInt(kept.size()));
      long address = window.base() + random.nextLong(window.size());
      int size = sizes[random.nextInt(sizes.length)];
      bridge.trappedRead(seen, address, size);
      bridge.trappedWrite(seen, address, size, random.nextLong());
      int rid = random.nextBoolean() ? random.nextInt() : card() + random.nextInt(16);
      int register = random.nextInt(-8, 0x1100);
      bridge.read(rid, register, 1 << random.nextInt(3));
      bridge.write(rid, register, 1 << random.nextInt(3), random.nextInt());
    }
    assertTrue(bridge.present());
  }

  // ---- its life

  @Test
  void replacedBetweenAimAndCycleItGoesOn() {
    int card = card();
    FakeConfiguration seen = new FakeConfiguration();
    plug(seen, card, 7);
    plug(behind, card, 1);
    long address = aim(bridge(), seen, card, PATTERN);
    hyp.replace(role(), factory());
    assertEquals(7, bridge().trappedRead(seen, address, 1));
    assertEquals(1, bridge().read(card, PATTERN, 1));
  }

  @Test
  void withoutItNothingAnswersAndNothingIsKept() {
    int card = card();
    plug(behind, card, 1);
    HostBridgePort bridge = bridge();
    hyp.remove(role());
    assertFalse(bridge.present());
    assertEquals(-1, bridge.read(card, 0, 4));
    assertEquals(List.of(), bridge.configuration());
    hyp.install(role(), factory());
    assertNotNull(bridge.provider());
    assertEquals(1, bridge.read(card, PATTERN, 1));
  }

  private boolean kept(long address) {
    return bridge().configuration().stream().anyMatch(w -> Long.compareUnsigned(address - w.base(), w.size()) < 0);
  }
}
