// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.pci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.xenolith.pci.kit.Capability;
import org.xenolith.pci.kit.ConfigTable;
import org.xenolith.testkit.FakeMemory;

/**
 * What every endpoint must keep beside what {@link PciFunctionContract} says: BARs, requests, resets, power states, interrupts. A
 * subclass says in {@link #features} what its endpoint has: each of these is checked, and the absence of the others is checked, too.
 * The contract can't know how a driver has this device do something; that is for {@link #writeMemory} and {@link #interrupt}.
 */
public abstract class PciEndpointContract extends PciFunctionContract {
  private static final long TARGET = FakeMemory.BASE + 0x20_0000;
  private static final long UNTOUCHED = 0x5A5A_5A5A_5A5A_5A5AL;
  private static final int TARGET_WORDS = 64;
  private static final int BARS = 6;
  private static final int POWER_CONTROL = 4;
  private static final int D3HOT = 3;
  private static final int EXPRESS_FLAGS = 2;
  private static final int ENDPOINT = 0;
  private static final int LEGACY_ENDPOINT = 1;
  private static final int INTEGRATED = 9;
  private static final int LINK_STATUS = 0x12;
  /** Link capabilities, control and status; version 2 has a second of each. */
  private static final int[] LINK_REGISTERS = {0x0C, 0x0E, 0x10, 0x12};
  private static final int[] LINK_REGISTERS_V2 = {0x0C, 0x0E, 0x10, 0x12, 0x2C, 0x2E, 0x30, 0x32};
  private static final int DEVICE_CAPABILITIES = 4;
  private static final int DEVICE_CONTROL = 8;
  private static final int CAN_RESET = 1 << 28;
  private static final int RESET = 1 << 15;
  private static final int MASTER = ConfigTable.COMMAND_MEMORY | ConfigTable.COMMAND_MASTER;
  private static final int INTERRUPT_PIN = ConfigTable.INTERRUPT_LINE + 1;
  private static final long MESSAGE = 0x800_0040L;
  private static final int MESSAGE_DATA = 0x420;

  /** What an endpoint has or hasn't got. */
  public enum Feature {
    /** It writes to memory where its driver tells it to. */
    MEMORY_WRITES,
    /** INTA, the only pin that a device with one function may use (PCI Local Bus 3.0, 2.2.6). */
    INTERRUPT_PIN,
    /** MSI. */
    MSI,
    /** MSI-X. */
    MSIX,
    /** Power management with D3hot. */
    POWER_STATES,
    /** A function-level reset of PCI Express. */
    FUNCTION_RESET
  }

  /** All that this endpoint has. */
  protected abstract Set<Feature> features();

  /**
   * Has the function write something to memory as its driver would, with BAR 0 at {@link FakePciHost#MEMORY}; it may let time pass.
   * Empty for a function without {@link Feature#MEMORY_WRITES}.
   *
   * @param target where; the 512 bytes from there are looked at
   */
  protected abstract void writeMemory(FakePciHost pci, long target);

  /**
   * Has the function interrupt as its driver would, by what is enabled, with BAR 0 at {@link FakePciHost#MEMORY}; it may let time
   * pass. Vector 0 of MSI or MSI-X, and INTA otherwise. Empty for a function that has none of them.
   */
  protected abstract void interrupt(FakePciHost pci);

  private boolean has(Feature feature) {
    return features().contains(feature);
  }

  // ---- BARs

  /** Software writes ones and finds the size (PCI Local Bus 3.0, 6.2.5.1). */
  @Test
  protected final void barsTellTheirSizes() {
    FakePciHost pci = plugged().pci;
    int bars = 0;
    for (int i = 0; i < BARS; i++) {
      int at = ConfigTable.BAR0 + 4 * i;
      int flags = pci.config(at, 4);
      boolean wide = (flags & 7) == 4;
      long sized = size(pci, at, wide);
      if (sized != 0) {
        bars++;
        boolean io = (flags & 1) != 0;
        assertEquals(1, Long.bitCount(sized), "BAR " + i + ": size 0x" + Long.toHexString(sized));
        assertTrue(sized >= (io ? 4 : 16), "BAR " + i + ": size " + sized);
        pci.config(at, 4, 0);
        assertEquals(hex(flags), hex(pci.config(at, 4)), "BAR " + i + " after writing 0");
      }
      i += wide ? 1 : 0;
    }
    assertTrue(bars > 0 || pci.capability(Capability.EXPRESS, 0) == 0, "an endpoint without a BAR");
  }

  /** The low 32 bits are all ones below a size of 4 GiB, so the upper half tells only whether it can be written. */
  private static long size(FakePciHost pci, int at, boolean wide) {
    int flags = pci.config(at, 4);
    pci.config(at, 4, -1);
    long mask = pci.config(at, 4) & ((flags & 1) != 0 ? ~3L : ~15L);
    if (wide) {
      pci.config(at + 4, 4, -1);
      mask = mask & 0xFFFF_FFFFL | (long) pci.config(at + 4, 4) << 32;
      pci.config(at + 4, 4, 0);
    }
    pci.config(at, 4, 0);
    return mask == 0 ? 0 : wide || mask < 0 ? -mask : (~mask & 0xFFFF_FFFFL) + 1;
  }

  /** Gives each memory BAR a place, the first one at {@link FakePciHost#MEMORY}. @return the places by number; 0 for none */
  private static long[] place(FakePciHost pci) {
    long[] places = new long[BARS];
    long next = FakePciHost.MEMORY;
    for (int i = 0; i < BARS; i++) {
      int at = ConfigTable.BAR0 + 4 * i;
      int flags = pci.config(at, 4);
      boolean wide = (flags & 7) == 4;
      long size = size(pci, at, wide) & 0xFFFF_FFFFL;
      if (size != 0 && (flags & 1) == 0) {
        next = next + size - 1 & -size;
        places[i] = next;
        pci.config(at, 4, (int) next);
        next += size;
      }
      i += wide ? 1 : 0;
    }
    pci.config(ConfigTable.COMMAND, 2, MASTER);
    return places;
  }

  @Test
  protected final void decodesOnlyWhileItIsTold() {
    FakePciHost pci = plugged().pci;
    long[] places = place(pci);
    for (int i = 0; i < BARS; i++) {
      if (places[i] != 0) {
        pci.config(ConfigTable.COMMAND, 2, MASTER);
        assertNotNull(pci.host().decode(false, places[i]), "BAR " + i + " at its place");
        pci.config(ConfigTable.COMMAND, 2, ConfigTable.COMMAND_MASTER);
        assertNull(pci.host().decode(false, places[i]), "BAR " + i + " without memory decoding");
        pci.config(ConfigTable.COMMAND, 2, MASTER);
        pci.config(ConfigTable.BAR0 + 4 * i, 4, 0x4000_0000);
        assertNull(pci.host().decode(false, places[i]), "BAR " + i + " where it was before");
        pci.config(ConfigTable.BAR0 + 4 * i, 4, (int) places[i]);
      }
    }
  }

  // ---- Requests

  @Test
  protected final void reachesMemoryOnlyAsBusMaster() {
    FakePciHost pci = plugged().pci;
    place(pci);
    assertEquals(has(Feature.MEMORY_WRITES), reached(pci), "whether a bus master wrote to memory");
    pci = plugged().pci;
    place(pci);
    pci.config(ConfigTable.COMMAND, 2, ConfigTable.COMMAND_MEMORY);
    assertFalse(reached(pci), "memory was written without bus mastering");
  }

  /** Whether what it is told to write arrives. */
  private boolean reached(FakePciHost pci) {
    for (int i = 0; i < TARGET_WORDS; i++) {
      pci.context().dma().write(TARGET + 8L * i, 8, UNTOUCHED);
    }
    writeMemory(pci, TARGET);
    boolean changed = false;
    for (int i = 0; i < TARGET_WORDS; i++) {
      changed |= pci.context().dma().read(TARGET + 8L * i, 8) != UNTOUCHED;
    }
    return changed;
  }

  // ---- PCI Express

  /**
   * On the root bus there is no link: an endpoint there is part of the root complex, and registers of a link read 0 (PCI Express Base 4.0,
   * 1.3.2.3 and 7.5.3). Behind a port it has one. The kit's endpoints do so by themselves.
   */
  @Test
  protected final void onTheRootBusItIsPartOfTheRootComplex() {
    FakePciHost pci = plugged().pci;
    int express = pci.capability(Capability.EXPRESS, 0);
    if (express == 0) {
      return;
    }
    int flags = pci.config(express + EXPRESS_FLAGS, 2);
    assertEquals(INTEGRATED, flags >>> 4 & 0xF, "device/port type on the root bus");
    for (int register : (flags & 0xF) < 2 ? LINK_REGISTERS : LINK_REGISTERS_V2) {
      pci.config(express + register, 2, 0xFFFF);
      assertEquals(hex(0), hex(pci.config(express + register, 2)), "link register at " + hex(register) + " on the root bus");
    }
    pci.host().root().connect(new FakePort(pci.host()));
    int type = pci.config(express + EXPRESS_FLAGS, 2) >>> 4 & 0xF;
    assertTrue(type == ENDPOINT || type == LEGACY_ENDPOINT, "device/port type behind a port: " + type);
    assertTrue((pci.config(express + LINK_STATUS, 2) & 0xF) != 0, "the speed of its link behind a port");
  }

  // ---- Resets and power states

  /** PCI Express Base 4.0, 6.6.2; the bit reads 0, or is none in a function that can't (7.5.3.4). */
  @Test
  protected final void aFunctionLevelResetMakesItForget() {
    FakePciHost pci = plugged().pci;
    int express = pci.capability(Capability.EXPRESS, 0);
    boolean can = express != 0 && (pci.config(express + DEVICE_CAPABILITIES, 4) & CAN_RESET) != 0;
    assertEquals(has(Feature.FUNCTION_RESET), can, "whether it has a function-level reset");
    if (express != 0) {
      place(pci);
      pci.config(express + DEVICE_CONTROL, 2, pci.config(express + DEVICE_CONTROL, 2) | RESET);
      assertEquals(0, pci.config(express + DEVICE_CONTROL, 2) & RESET, "the bit that starts a reset reads 0");
      if (can) {
        assertForgotten(pci, "function-level reset");
      } else {
        assertEquals(hex(MASTER), hex(pci.config(ConfigTable.COMMAND, 2)), "command after a function-level reset that it hasn't got");
      }
    }
  }

  private static void assertForgotten(FakePciHost pci, String what) {
    assertEquals(0, pci.config(ConfigTable.COMMAND, 2), "command after a " + what);
    for (int i = 0; i < BARS; i++) {
      assertEquals(0, pci.config(ConfigTable.BAR0 + 4 * i, 4) & ~15, "BAR " + i + " after a " + what);
    }
    assertNull(pci.host().decode(false, FakePciHost.MEMORY), "what answers at BAR 0 after a " + what);
  }

  /** PCI Bus Power Management 1.2, 5.4.1: configuration space answers, nothing else does. */
  @Test
  protected final void sleepsInD3hot() {
    FakePciHost pci = plugged().pci;
    int power = pci.capability(Capability.POWER_MANAGEMENT, 0);
    assertEquals(has(Feature.POWER_STATES), power != 0, "whether it has power states");
    if (power == 0) {
      return;
    }
    place(pci);
    boolean keeps = (pci.config(power + POWER_CONTROL, 2) & 8) != 0;
    int ids = pci.config(ConfigTable.VENDOR_ID, 4);
    pci.config(power + POWER_CONTROL, 2, D3HOT);
    assertEquals(hex(ids), hex(pci.config(ConfigTable.VENDOR_ID, 4)), "ids in D3hot");
    assertNull(pci.host().decode(false, FakePciHost.MEMORY), "what answers at BAR 0 in D3hot");
    assertFalse(reached(pci), "memory was written in D3hot");
    pci.config(power + POWER_CONTROL, 2, 0);
    if (keeps) {
      assertEquals(hex(MASTER), hex(pci.config(ConfigTable.COMMAND, 2)), "command after D3hot of a function with No_Soft_Reset");
      assertNotNull(pci.host().decode(false, FakePciHost.MEMORY), "BAR 0 after D3hot");
    } else {
      assertForgotten(pci, "return from D3hot without No_Soft_Reset");
    }
  }

  // ---- Interrupts

  @Test
  protected final void theInterruptPinObeysItsSwitch() {
    FakePciHost pci = plugged().pci;
    boolean has = has(Feature.INTERRUPT_PIN);
    assertEquals(has ? 1 : 0, pci.config(INTERRUPT_PIN, 1), "interrupt pin");
    place(pci);
    interrupt(pci);
    assertEquals(has, pci.pin().level(), "INTA");
    assertEquals(has, (pci.config(ConfigTable.STATUS, 2) & ConfigTable.STATUS_INTERRUPT) != 0, "Status.Interrupt");
    pci.config(ConfigTable.COMMAND, 2, MASTER | ConfigTable.COMMAND_INTX_DISABLE);
    assertFalse(pci.pin().level(), "INTA although it is disabled");
    pci.config(ConfigTable.COMMAND, 2, MASTER);
    assertEquals(has, pci.pin().level(), "INTA when it is enabled again");
    assertEquals(List.of(), pci.context().sentMessages(), "messages although none are enabled");
  }

  @Test
  protected final void messagesGoWhereTheyAreTold() {
    FakePciHost pci = plugged().pci;
    assertEquals(has(Feature.MSI), pci.capability(Capability.MSI, 0) != 0, "whether it has MSI");
    assertEquals(has(Feature.MSIX), pci.capability(Capability.MSIX, 0) != 0, "whether it has MSI-X");
    if (has(Feature.MSI)) {
      assertMessages("MSI", PciEndpointContract::enableMsi);
    }
    if (has(Feature.MSIX)) {
      assertMessages("MSI-X", PciEndpointContract::enableMsix);
    }
  }

  /** Messages are enabled so that vector 0 goes to {@link #MESSAGE} with {@link #MESSAGE_DATA}. */
  private void assertMessages(String kind, Consumer<FakePciHost> enable) {
    FakePciHost pci = plugged().pci;
    enable.accept(pci);
    interrupt(pci);
    assertEquals(List.of(MESSAGE + " " + MESSAGE_DATA), pci.context().sentMessages().stream().map(m -> m.address() + " " + m.value())
        .distinct().toList(), kind + ": address and data");
    assertEquals(List.of(FakePciHost.DEVFN), pci.context().sentMessages().stream().map(m -> m.requester()).distinct().toList(),
        kind + ": who sent them");
    assertFalse(pci.pin().level(), "INTA while " + kind + " is on");
    pci = plugged().pci;
    enable.accept(pci);
    pci.config(ConfigTable.COMMAND, 2, ConfigTable.COMMAND_MEMORY);
    interrupt(pci);
    assertEquals(List.of(), pci.context().sentMessages(), kind + ": messages without bus mastering");
  }

  private static void enableMsi(FakePciHost pci) {
    place(pci);
    int msi = pci.capability(Capability.MSI, 0);
    boolean wide = (pci.config(msi + 2, 2) & 1 << 7) != 0;
    pci.config(msi + 4, 4, (int) MESSAGE);
    pci.config(msi + (wide ? 12 : 8), 2, MESSAGE_DATA);
    pci.config(msi + 2, 2, 1);
  }

  private static void enableMsix(FakePciHost pci) {
    long[] places = place(pci);
    int msix = pci.capability(Capability.MSIX, 0);
    int table = pci.config(msix + 4, 4);
    long at = places[table & 7] + (table & ~7);
    pci.context().writeAt(at, 4, MESSAGE);
    pci.context().writeAt(at + 4, 4, 0);
    pci.context().writeAt(at + 8, 4, MESSAGE_DATA);
    pci.context().writeAt(at + 12, 4, 0);
    pci.config(msix + 2, 2, 1 << 15);
  }
}
