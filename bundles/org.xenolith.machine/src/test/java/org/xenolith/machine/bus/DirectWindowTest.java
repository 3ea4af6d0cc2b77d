// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.bus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.a64.graph.Interpreter;
import org.xenolith.a64.isa.Assembler;
import org.xenolith.arm.api.ArmEntry;
import org.xenolith.machine.CoreMachine;
import org.xenolith.machine.ToyMachine;
import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DirectWindow;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.change.Handover;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.kit.Ram;
import org.xenolith.machine.kit.RamBus;
import org.xenolith.machine.offers.EngineOffer;
import org.xenolith.machine.offers.Provider;
import org.xenolith.machine.run.MachineReset;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.Platform.Timing;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

final class DirectWindowTest {
  private static final long FLASH = 0x10_0000;
  private static final long SIZE = 0x7_F000;

  @TempDir
  Path folder;
  private final List<String> seen = new ArrayList<>();
  private Flash flash;
  private DmaPort dma;

  /** Writes 0 and 1 at its start switch; other words are put where they are written. */
  private final class Flash implements DeviceModel, MmioHandler {
    private final DeviceState state = new DeviceState();
    private final LongCell direct = state.cell("direct", 1);
    private final DirectWindow memory;

    Flash(DeviceContext context) {
      memory = context.bus().direct(0, 0xFF, AccessRule.ANY, this);
      dma = context.memory().dma();
      flash = this;
    }

    @Override
    public long read(long offset, int size) {
      seen.add("read " + Long.toHexString(offset));
      return 0x80;
    }

    @Override
    public void write(long offset, int size, long value) {
      seen.add("write " + Long.toHexString(offset));
      if (offset == 0) {
        direct.value = value;
        memory.direct(value != 0);
      } else {
        memory.write(offset, size, value);
      }
    }

    @Override
    public DeviceState state() {
      return state;
    }

    @Override
    public void reset() {
      state.reset();
      restored();
    }

    @Override
    public void restored() {
      memory.direct(direct.value != 0);
    }
  }

  private ToyMachine toy(long base, long size) {
    return new ToyMachine(1, Timing.STANDARD, cpu -> {}).add(new PlatformNode("/flash@100000", "flash@100000", "/", List.of(),
        List.of("toy,flash"), true, List.of(new AddressWindow(base, size)), List.of(), Map.of())).model("toy,flash", Flash::new);
  }

  private final CoreMachine machine = toy(FLASH, SIZE).build();
  private final RamBus bus = ToyMachine.cpu(machine, 0).env.bus();

  @Test
  void readsHaveTheBytesAndWritesTheHandler() {
    assertEquals(-1, bus.read(FLASH + SIZE - 8, 8));
    bus.write(FLASH + 0x4_0010, 4, 0x1234_5678);
    assertEquals(0x5678, bus.read(FLASH + 0x4_0010, 2));
    Ram chunk = bus.readable(FLASH + 0x4_0010);
    assertEquals(0x1234_5678, chunk.read((int) (FLASH + 0x4_0010 - chunk.base), 4));
    assertEquals(List.of("write 40010"), seen);
    assertNull(bus.ram(FLASH), "for who writes it is no RAM");
  }

  @Test
  void whileItIsNotDirectReadsHaveTheHandler() {
    bus.write(FLASH + 16, 4, 5);
    bus.write(FLASH, 4, 0);
    assertNull(bus.readable(FLASH + 16));
    assertEquals(0x80, bus.read(FLASH + 16, 4));
    bus.write(FLASH, 4, 1);
    assertEquals(5, bus.read(FLASH + 16, 4));
    assertEquals(List.of("write 10", "write 0", "read 10", "write 0"), seen);
  }

  @Test
  void busMastersReadTheBytesAndNothingElse() {
    bus.write(FLASH + 0x4_0000 - 8, 8, 0x0807_0605_0403_0201L);
    byte[] read = new byte[12];
    dma.read(FLASH + 0x4_0000 - 8, read, 0, 12);
    assertArrayEquals(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, -1, -1, -1, -1}, read);
    assertEquals(0xFFFF_0807L, dma.read(FLASH + 0x4_0000 - 2, 4));
    assertThrows(ExternalAbort.class, () -> dma.write(FLASH, 4, 0));
    assertThrows(ExternalAbort.class, () -> dma.write(FLASH, read, 0, 12));
    bus.write(FLASH, 4, 0);
    assertThrows(ExternalAbort.class, () -> dma.read(FLASH, 4));
    assertEquals(3, machine.events().get("refused-dma"));
  }

  @Test
  void theBytesAreInDigestAndSnapshotAndOutliveAReset() throws Exception {
    String blank = machine.digest();
    assertEquals(-1, bus.read(FLASH, 8), "what is looked at isn't changed");
    assertEquals(blank, machine.digest());
    bus.write(FLASH + 0x5000, 8, 77);
    assertNotEquals(blank, machine.digest());
    bus.write(FLASH, 4, 0);
    machine.save(folder.resolve("s"));
    CoreMachine other = toy(FLASH, SIZE).build();
    RamBus there = ToyMachine.cpu(other, 0).env.bus();
    there.write(FLASH + 0x6000, 8, 1);
    other.restore(folder.resolve("s"));
    assertEquals(machine.digest(), other.digest());
    assertEquals(0x80, there.read(FLASH + 0x5000, 8));
    flash.reset();
    assertEquals(77, there.read(FLASH + 0x5000, 8));
    assertEquals(-1, there.read(FLASH + 0x6000, 8), "what the snapshot doesn't have");
    machine.hardware().slots.getLast().reset();
    assertEquals(77, bus.read(FLASH + 0x5000, 8));
  }

  /** As the environment of a firmware is there after a reset. */
  @Test
  void theBytesOutliveAResetOfTheMachineAndCanBeRead() {
    bus.write(FLASH + 0x5000, 8, 77);
    bus.write(FLASH, 4, 0);
    assertEquals(0x80, bus.read(FLASH + 0x5000, 8));
    new MachineReset(machine.hardware()).perform();
    assertEquals(77, bus.read(FLASH + 0x5000, 8));
  }

  @Test
  void anotherVersionHasTheBytesAndWhatIsGoneReadsOnes() {
    bus.write(FLASH + 0x5000, 8, 77);
    bus.write(FLASH, 4, 0);
    DirectWindow former = flash.memory;
    Handover handover = machine.handover("toy.toy,flash");
    handover.capture();
    handover.takeOut();
    handover.putBack();
    handover.finish();
    assertEquals(0x80, bus.read(FLASH + 0x5000, 8));
    bus.write(FLASH, 4, 1);
    assertEquals(77, bus.read(FLASH + 0x5000, 8));
    former.direct(false);
    former.write(0x5000, 8, 0);
    assertEquals(77, bus.read(FLASH + 0x5000, 8), "a model that is gone says nothing any more");
    machine.hardware().slots.getLast().detach();
    assertNull(bus.readable(FLASH + 0x5000));
    assertEquals(-1, bus.read(FLASH + 0x5000, 8));
    machine.reconcile();
    assertEquals(77, bus.read(FLASH + 0x5000, 8));
  }

  @Test
  void erasingGivesAllBytesTheSameValue() {
    bus.write(FLASH + 0x3_F000, 8, 1);
    bus.write(FLASH + 0x4_1000, 8, 2);
    bus.write(FLASH + 0x4_2000, 8, 3);
    flash.memory.fill(0x3_F000, 0x3000, 0xFF);
    assertEquals(-1, bus.read(FLASH + 0x3_F000, 8));
    assertEquals(-1, bus.read(FLASH + 0x4_1000, 8));
    assertEquals(3, bus.read(FLASH + 0x4_2000, 8));
    flash.memory.fill(0x1_0000, 0x1_0000, 0);
    assertEquals(0, bus.read(FLASH + 0x1_FFF8, 8));
    assertEquals(-1, bus.read(FLASH + 0x2_0000, 8));
  }

  /** A guest writes a function, calls it where it wrote it, has the window taken away, is told so, and calls again. */
  @Test
  void whatWasWrittenIsExecutedAndWhatWasTakenAwayIsNot() {
    ToyMachine toy = toy(FLASH, SIZE);
    toy.offers.add(new EngineOffer(() -> Interpreter::on, "real", Set.of("a64"), 9, new Provider("real", "1", 1)));
    CoreMachine real = toy.build();
    byte[] program = Assembler.program(ToyMachine.RAM, """
          ldr x0, =0x40001000
          msr vbar_el1, x0
          ldr x1, =0x100000
          ldr x2, =0x104000
          ldr w3, =0x91000C63    // add x3, x3, #3
          str w3, [x2]
          ldr w3, =0xD65F03C0    // ret
          str w3, [x2, #4]
          mov x3, #0
          blr x2
          blr x2
          mov w4, #0
          str w4, [x1]
          mov x5, #1
          blr x2                 // aborts, and comes back
          mov w4, #1
          str w4, [x1]
          blr x2
        end: wfi
          b end
        """).bytes();
    byte[] vector = Assembler.program(ToyMachine.RAM + 0x1200, """
          mrs x6, esr_el1
          mrs x7, elr_el1
          msr elr_el1, x30
          add x5, x5, #1
          eret
        """).bytes();
    real.load(ToyMachine.RAM, program, 0, program.length);
    real.load(ToyMachine.RAM + 0x1200, vector, 0, vector.length);
    real.start(new ArmEntry(ToyMachine.RAM, 0));
    real.run(new RunLimit(Long.MAX_VALUE, 500));
    long[] x = ToyMachine.cpu(real, 0).x;
    assertEquals(9, x[3], "three calls that came through");
    assertEquals(2, x[5]);
    assertEquals(0x8600_0010L, x[6], "an external abort of a fetch");
    assertEquals(0x10_4000, x[7]);
    assertEquals(0x91000C63L, ToyMachine.cpu(real, 0).env.bus().read(0x10_4000, 4));
  }

  @Test
  void partsOfPagesAreRefused() {
    ModelException refused = assertThrows(ModelException.class, () -> toy(FLASH, 0x1800).build());
    assertTrue(refused.getMessage().contains("/flash@100000: window") && refused.getMessage().contains("multiple of 4 KiB"), refused
        .getMessage());
  }
}
