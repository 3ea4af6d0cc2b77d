package org.xenolith.testkit.pci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.pci.api.Capability;
import org.xenolith.pci.api.ConfigTable;
import org.xenolith.testkit.FakeMemory;

/**
 * What every endpoint must keep beside what {@link PciFunctionContract} says: BARs, requests, resets, power states, interrupts. The
 * contract can't know how a driver has this device do something; a subclass says it in {@link #writesMemory} and
 * {@link #interrupts}, for the checks of bus mastering and of interrupts. Checks of what an endpoint hasn't got are skipped.
 */
public abstract class PciEndpointContract extends PciFunctionContract {
  private static final long TARGET = FakeMemory.BASE + 0x20_0000;
  private static final long UNTOUCHED = 0x5A5A_5A5A_5A5A_5A5AL;
  private static final int TARGET_WORDS = 64;
  private static final int BARS = 6;
  private static final int POWER_CONTROL = 4;
  private static final int D3HOT = 3;
  private static final int DEVICE_CAPABILITIES = 4;
  private static final int DEVICE_CONTROL = 8;
  private static final int CAN_RESET = 1 << 28;
  private static final int RESET = 1 << 15;
  private static final int MASTER = ConfigTable.COMMAND_MEMORY | ConfigTable.COMMAND_MASTER;
  private static final long MESSAGE = 0x800_0040L;

  /**
   * Has the function write something to memory as its driver would, with BAR 0 at {@link FakePciHost#MEMORY}; it may let time pass.
   *
   * @param target where; the 512 bytes from there are looked at
   * @return false if this function writes nothing to memory that a driver chooses
   */
  protected boolean writesMemory(FakePciHost pci, long target) {
    return false;
  }

  /**
   * Has the function interrupt as its driver would, by what is enabled, with BAR 0 at {@link FakePciHost#MEMORY}; it may let time
   * pass. Vector 0 of MSI or MSI-X, and INTA otherwise.
   *
   * @return false if this function never interrupts
   */
  protected boolean interrupts(FakePciHost pci) {
    return false;
  }

  // ---- BARs

  /** Software writes ones and finds the size (PCI Local Bus 3.0, 6.2.5.1). */
  @Test protected final void barsTellTheirSizes() {
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

  @Test protected final void decodesOnlyWhileItIsTold() {
    FakePciHost pci = plugged().pci;
    long[] places = place(pci);
    for (int i = 0; i < BARS; i++) {
      if (places[i] != 0) {
        pci.config(ConfigTable.COMMAND, 2, MASTER);
        assertNotNull(pci.host().root().decode(false, places[i]), "BAR " + i + " at its place");
        pci.config(ConfigTable.COMMAND, 2, ConfigTable.COMMAND_MASTER);
        assertNull(pci.host().root().decode(false, places[i]), "BAR " + i + " without memory decoding");
        pci.config(ConfigTable.COMMAND, 2, MASTER);
        pci.config(ConfigTable.BAR0 + 4 * i, 4, 0x4000_0000);
        assertNull(pci.host().root().decode(false, places[i]), "BAR " + i + " where it was before");
        pci.config(ConfigTable.BAR0 + 4 * i, 4, (int) places[i]);
      }
    }
  }

  // ---- Requests

  @Test protected final void reachesMemoryOnlyAsBusMaster() {
    FakePciHost pci = plugged().pci;
    place(pci);
    boolean reached = reached(pci);
    assumeTrue(writesMemory(pci, TARGET), "it writes nothing to memory");
    assertTrue(reached, "a bus master wrote nothing to memory");
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
    writesMemory(pci, TARGET);
    boolean changed = false;
    for (int i = 0; i < TARGET_WORDS; i++) {
      changed |= pci.context().dma().read(TARGET + 8L * i, 8) != UNTOUCHED;
    }
    return changed;
  }

  // ---- Resets and power states

  /** PCI Express Base 4.0, 6.6.2. */
  @Test protected final void aFunctionLevelResetMakesItForget() {
    FakePciHost pci = plugged().pci;
    int express = pci.capability(Capability.EXPRESS, 0);
    assumeTrue(express != 0 && (pci.config(express + DEVICE_CAPABILITIES, 4) & CAN_RESET) != 0, "it has no function-level reset");
    place(pci);
    pci.config(express + DEVICE_CONTROL, 2, pci.config(express + DEVICE_CONTROL, 2) | RESET);
    assertForgotten(pci, "function-level reset");
    assertEquals(0, pci.config(express + DEVICE_CONTROL, 2) & RESET, "the bit that starts a reset reads 0");
  }

  private static void assertForgotten(FakePciHost pci, String what) {
    assertEquals(0, pci.config(ConfigTable.COMMAND, 2), "command after a " + what);
    for (int i = 0; i < BARS; i++) {
      assertEquals(0, pci.config(ConfigTable.BAR0 + 4 * i, 4) & ~15, "BAR " + i + " after a " + what);
    }
    assertNull(pci.host().root().decode(false, FakePciHost.MEMORY), "what answers at BAR 0 after a " + what);
  }

  /** PCI Bus Power Management 1.2, 5.4.1: configuration space answers, nothing else does. */
  @Test protected final void sleepsInD3hot() {
    FakePciHost pci = plugged().pci;
    int power = pci.capability(Capability.POWER_MANAGEMENT, 0);
    assumeTrue(power != 0, "it has no power states");
    place(pci);
    boolean keeps = (pci.config(power + POWER_CONTROL, 2) & 8) != 0;
    int ids = pci.config(ConfigTable.VENDOR_ID, 4);
    pci.config(power + POWER_CONTROL, 2, D3HOT);
    assertEquals(hex(ids), hex(pci.config(ConfigTable.VENDOR_ID, 4)), "ids in D3hot");
    assertNull(pci.host().root().decode(false, FakePciHost.MEMORY), "what answers at BAR 0 in D3hot");
    assertFalse(reached(pci), "memory was written in D3hot");
    pci.config(power + POWER_CONTROL, 2, 0);
    if (keeps) {
      assertEquals(hex(MASTER), hex(pci.config(ConfigTable.COMMAND, 2)), "command after D3hot of a function with No_Soft_Reset");
      assertNotNull(pci.host().root().decode(false, FakePciHost.MEMORY), "BAR 0 after D3hot");
    } else {
      assertForgotten(pci, "return from D3hot without No_Soft_Reset");
    }
  }

  // ---- Interrupts

  @Test protected final void theInterruptPinObeysItsSwitch() {
    FakePciHost pci = plugged().pci;
    assumeTrue(pci.config(ConfigTable.INTERRUPT_LINE + 1, 1) == 1, "it has no INTA");
    place(pci);
    assumeTrue(interrupts(pci), "it never interrupts");
    assertTrue(pci.pin().level(), "INTA");
    assertTrue((pci.config(ConfigTable.STATUS, 2) & ConfigTable.STATUS_INTERRUPT) != 0, "Status.Interrupt");
    pci.config(ConfigTable.COMMAND, 2, MASTER | ConfigTable.COMMAND_INTX_DISABLE);
    assertFalse(pci.pin().level(), "INTA although it is disabled");
    pci.config(ConfigTable.COMMAND, 2, MASTER);
    assertTrue(pci.pin().level(), "INTA when it is enabled again");
  }

  @Test protected final void messagesGoWhereTheyAreTold() {
    FakePciHost pci = plugged().pci;
    assumeTrue(enableMessages(pci), "it has neither MSI nor MSI-X");
    assumeTrue(interrupts(pci), "it never interrupts");
    assertEquals(List.of(MESSAGE + " 1056"), pci.context().sentMessages().stream().map(m -> m.address() + " " + m.value()).distinct()
        .toList(), "messages: address and data");
    assertEquals(List.of(FakePciHost.DEVFN), pci.context().sentMessages().stream().map(m -> m.requester()).distinct().toList(),
        "who sent them");
    assertFalse(pci.pin().level(), "INTA while messages are on");
    pci = plugged().pci;
    enableMessages(pci);
    pci.config(ConfigTable.COMMAND, 2, ConfigTable.COMMAND_MEMORY);
    interrupts(pci);
    assertEquals(List.of(), pci.context().sentMessages(), "messages without bus mastering");
  }

  /** Vector 0 goes to {@link #MESSAGE} with data 0x420. */
  private static boolean enableMessages(FakePciHost pci) {
    long[] places = place(pci);
    int msix = pci.capability(Capability.MSIX, 0);
    int msi = pci.capability(Capability.MSI, 0);
    if (msix != 0) {
      int table = pci.config(msix + 4, 4);
      long at = places[table & 7] + (table & ~7);
      pci.context().writeAt(at, 4, MESSAGE);
      pci.context().writeAt(at + 4, 4, 0);
      pci.context().writeAt(at + 8, 4, 0x420);
      pci.context().writeAt(at + 12, 4, 0);
      pci.config(msix + 2, 2, 1 << 15);
    } else if (msi != 0) {
      boolean wide = (pci.config(msi + 2, 2) & 1 << 7) != 0;
      pci.config(msi + 4, 4, (int) MESSAGE);
      pci.config(msi + (wide ? 12 : 8), 2, 0x420);
      pci.config(msi + 2, 2, 1);
    }
    return msix != 0 || msi != 0;
  }
}
