// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.pci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.pci.kit.ConfigTable;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.FakeContext;

/**
 * What every PCI function must keep, an endpoint or a bridge: its configuration space and its life. A model's test extends this
 * class, or {@link PciEndpointContract}, says how to make the model, and adds tests of what only this function does.
 *
 * <p>The random checks make the same accesses in each run; a failure names the seed.
 */
public abstract class PciFunctionContract {
  private static final int STEPS = 600;
  private static final int ROUNDS = 60;
  private static final long[] SEEDS = {1, 2, 3};
  private static final int CAPABILITIES = 0x34;
  private static final int EXTENDED = 0x100;

  /** Makes the model. */
  protected abstract DeviceModelFactory factory();

  /** Its node: see {@link FakePciHost#function}. */
  protected abstract PlatformNode node();

  /** What is at the node before the model is made, such as a disk; nothing unless a subclass says. */
  protected void around(FakeContext function) {}

  /** Something that comes from outside between two accesses; nothing unless a subclass says. */
  protected void outsideInput(FakeContext function, RandomGenerator random) {}

  @Test
  protected final void describesItself() {
    assertFalse(factory().description().name().isBlank(), "a name, as on the data sheet");
    assertFalse(factory().description().summary().isBlank(), "a summary of one sentence");
    assertFalse(factory().description().reference().isBlank(), "the manual it is built from");
    FakePciHost pci = plugged().pci;
    assertNotEquals(0xFFFF, pci.config(ConfigTable.VENDOR_ID, 2), "the vendor id of absent functions");
    assertEquals(0, pci.config(ConfigTable.COMMAND, 2), "command after reset: it decodes nothing and is no bus master");
  }

  /** A list without an end hangs whoever walks it (PCI Local Bus 3.0, 6.7). */
  @Test
  protected final void capabilitiesAreChains() {
    FakePciHost pci = plugged().pci;
    boolean any = (pci.config(ConfigTable.STATUS, 2) & 1 << 4) != 0;
    int at = any ? pci.config(CAPABILITIES, 1) : 0;
    for (int count = 0; at != 0; count++) {
      assertTrue(count < 48, "the list of capabilities has no end");
      assertTrue(at >= 0x40 && (at & 3) == 0, "a capability at 0x" + Integer.toHexString(at));
      at = pci.config(at + 1, 1);
    }
    int extended = pci.config(EXTENDED, 4) == 0 ? 0 : EXTENDED;
    for (int count = 0; extended != 0; count++) {
      assertTrue(count < 960, "the list of extended capabilities has no end");
      assertTrue(extended >= EXTENDED && (extended & 3) == 0, "an extended capability at 0x" + Integer.toHexString(extended));
      extended = pci.config(extended, 4) >>> 20;
    }
  }

  @Test
  protected final void narrowReadsTakeTheirLanes() {
    FakePciHost pci = plugged().pci;
    for (int register = 0; register < EXTENDED; register += 4) {
      int word = pci.config(register, 4);
      for (int size = 1; size <= 2; size++) {
        for (int lane = 0; lane < 4; lane += size) {
          assertEquals(hex(word >>> 8 * lane & (1 << 8 * size) - 1), hex(pci.config(register + lane, size)),
              size + " bytes at " + hex(register + lane) + " of " + hex(word));
        }
      }
    }
  }

  @Test
  protected final void narrowWritesTouchTheirLanesOnly() {
    FakePciHost pci = plugged().pci;
    pci.config(ConfigTable.COMMAND, 2, ConfigTable.COMMAND_MASTER);
    pci.config(ConfigTable.COMMAND + 1, 1, ConfigTable.COMMAND_INTX_DISABLE >>> 8);
    assertEquals(hex(ConfigTable.COMMAND_MASTER | ConfigTable.COMMAND_INTX_DISABLE), hex(pci.config(ConfigTable.COMMAND, 2)),
        "command after its two bytes were written one by one");
    pci.config(ConfigTable.INTERRUPT_LINE, 1, 0xA5);
    pci.config(ConfigTable.INTERRUPT_LINE + 1, 1, 0xFF);
    assertEquals(0xA5, pci.config(ConfigTable.INTERRUPT_LINE, 1), "interrupt line after its neighbour was written");
  }

  /** Ids, class, header type and the capabilities' headers. */
  @Test
  protected final void whatItIsCannotBeWritten() {
    FakePciHost pci = plugged().pci;
    int[] fixed = {ConfigTable.VENDOR_ID, 0x08, CAPABILITIES};
    for (int register : fixed) {
      int before = pci.config(register, 4);
      pci.config(register, 4, ~before);
      assertEquals(hex(before), hex(pci.config(register, 4)), "what is at " + hex(register));
    }
    int at = pci.config(CAPABILITIES, 1);
    for (int count = 0; at != 0 && count < 48; count++, at = pci.config(at + 1, 1)) {
      int before = pci.config(at, 2);
      pci.config(at, 2, ~before & 0xFFFF);
      assertEquals(hex(before), hex(pci.config(at, 2)), "the header of the capability at " + hex(at));
    }
  }

  /** A conventional reset of the bus (PCI Express Base 4.0, 6.6.1). */
  @Test
  protected final void aResetOfTheBusReachesIt() {
    FakePciHost pci = plugged().pci;
    pci.config(ConfigTable.COMMAND, 2, ConfigTable.COMMAND_MEMORY | ConfigTable.COMMAND_MASTER);
    pci.host().root().hotReset();
    assertEquals(0, pci.config(ConfigTable.COMMAND, 2), "command after a reset of the bus");
  }

  /** A guest can't throw, whatever it does. */
  @Test
  protected final void noAccessThrows() {
    for (long seed : SEEDS) {
      exercise(seed).run(4 * STEPS);
    }
  }

  @Test
  protected final void resetBringsBackTheBeginning() {
    for (long seed : SEEDS) {
      FunctionExercise used = exercise(seed);
      StateRecord fresh = used.model.state().save();
      for (int i = 0; i < ROUNDS; i++) {
        used.run(STEPS / ROUNDS);
        used.model.reset();
        assertEquals(fresh, used.model.state().save(), "state after reset " + (i + 1) + ", seed " + seed);
        assertFalse(used.pci.pin().level(), "the pin is high after reset " + (i + 1) + ", seed " + seed);
      }
    }
  }

  /** Other versions take over now and then: no answer, pin, message or alarm differs from a run without it. */
  @Test
  protected final void handOverLosesNothing() {
    for (long seed : SEEDS) {
      FunctionExercise alone = exercise(seed);
      FunctionExercise changing = exercise(seed);
      for (int i = 0; i < ROUNDS; i++) {
        String when = " hand-over " + i + ", seed " + seed;
        assertEquals(alone.run(STEPS / ROUNDS), changing.run(STEPS / ROUNDS), "answers after" + when);
        StateRecord state = changing.model.state().save();
        boolean pin = changing.pci.pin().level();
        changing.replace(factory());
        assertEquals(state, changing.model.state().save(), "state after" + when);
        assertEquals(pin, changing.pci.pin().level(), "the pin after" + when);
      }
    }
  }

  /** Whoever reads where a function was gets all-ones, and its pin is low. */
  @Test
  protected final void aRemovedFunctionIsAbsent() {
    for (long seed : SEEDS) {
      FunctionExercise used = exercise(seed);
      used.run(STEPS / ROUNDS);
      used.model.removed();
      used.pci.config(ConfigTable.COMMAND, 2, ConfigTable.COMMAND_MEMORY);
      assertEquals(-1, used.pci.config(ConfigTable.VENDOR_ID, 4), "ids, seed " + seed);
      assertEquals(0xFFFF, used.pci.config(ConfigTable.COMMAND, 2), "command, seed " + seed);
      assertEquals(hex(-1), hex((int) used.pci.read(0, 4)), "its BAR 0, seed " + seed);
      assertFalse(used.pci.pin().level(), "its pin, seed " + seed);
    }
  }

  /** A function that has just been plugged in and switched on. */
  final FunctionExercise plugged() {
    return exercise(1);
  }

  private FunctionExercise exercise(long seed) {
    FakePciHost pci = new FakePciHost();
    FakeContext function = pci.context().at(node());
    around(function);
    return new FunctionExercise(pci, function, function.create(factory()), this::outsideInput, new Random(seed));
  }

  static String hex(int value) {
    return "0x" + Integer.toHexString(value);
  }
}
