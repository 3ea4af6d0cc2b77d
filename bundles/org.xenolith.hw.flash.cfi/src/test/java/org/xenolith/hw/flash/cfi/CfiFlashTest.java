// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.flash.cfi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.ModelException;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.RegisterFaults;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

/** Two banks of 64 MiB with two chips of 16 bits each, as on {@code virt}; the numbers are those of the data sheets. */
class CfiFlashTest {
  private static final int BANK = 0x400_0000;
  private static final int BLOCK = 0x4_0000;

  private FakeContext context = new FakeContext(node(4, BANK));
  private DeviceModel model;

  private static PlatformNode node(int width, long size) {
    return FakeNode.at("/flash@0").compatible("cfi-flash").property(FdtProperty.ofCells("bank-width", width)).window(0, size).window(size,
        size)
        .build();
  }

  @BeforeEach
  void create() {
    model = context.create(new CfiFlashComponent());
  }

  private void write(long offset, long value) {
    context.write(0, offset, 4, value);
  }

  private long read(long offset) {
    return context.read(0, offset, 4);
  }

  private void program(long offset, long value) {
    write(offset, 0x40_0040);
    write(offset, value);
  }

  /** The status of both chips, after which the bank shows its contents. */
  private long status() {
    write(0, 0x70_0070);
    long status = read(0x1234 & -4);
    write(0, 0x50_0050);
    write(0, 0xFF_00FF);
    return status;
  }

  @Test
  void everyByteOfEachBankIsErasedAtFirst() {
    assertEquals(0xFFFF_FFFFL, read(BANK - 4));
    assertEquals(0xFF, context.read(1, 3, 1));
    assertEquals(-1, context.read(1, BANK - 8, 8));
  }

  @Test
  void theQueryTableSaysWhatTheChipsAre() {
    write(0x55 * 4, 0x98_0098);
    assertEquals(List.of(0x51_0051L, 0x52_0052L, 0x59_0059L), List.of(read(0x10 * 4), read(0x11 * 4), read(0x12 * 4)));
    assertEquals(0x01_0001, read(0x13 * 4), "command set 1");
    assertEquals(0x51, context.read(0, 0x10 * 4 + 2, 1), "the second chip's");
    assertEquals(0, context.read(0, 0x10 * 4 + 1, 1), "its high byte");
    assertEquals(25, read(0x27 * 4) & 0xFF, "32 MiB a chip");
    assertEquals(1, read(0x28 * 4) & 0xFF, "16 bits");
    assertEquals(6, read(0x2A * 4) & 0xFF, "a buffer of 64 bytes");
    assertEquals(1, read(0x2C * 4) & 0xFF, "one region");
    assertEquals(255, read(0x2D * 4) & 0xFF, "of 256 blocks");
    assertEquals(0x200, (read(0x2F * 4) & 0xFF) + ((read(0x30 * 4) & 0xFF) << 8), "of 512 times 256 bytes");
    long primary = read(0x15 * 4) & 0xFF;
    assertEquals(List.of((long) 'P', (long) 'R', (long) 'I'), List.of(read(primary * 4) & 0xFF, read(primary * 4 + 4) & 0xFF,
        read(primary * 4 + 8) & 0xFF));
    write(0, 0xFF_00FF);
    assertEquals(0xFFFF_FFFFL, read(0x40));
  }

  @Test
  void theIdentifierNamesManufacturerAndDevice() {
    write(0, 0x90_0090);
    assertEquals(0x89_0089, read(0));
    assertEquals(0x18_0018, read(4));
    assertEquals(0, read(8), "not locked");
  }

  @Test
  void programmingMakesZeroesOnlyAndErasingOnes() {
    program(0x1000, 0x1234_5678);
    assertEquals(0x80_0080, read(0), "status until it is told to show its contents");
    write(0, 0xFF_00FF);
    assertEquals(0x1234_5678, read(0x1000));
    program(0x1000, 0xFFFF_0F0FL);
    program(BLOCK, 0);
    assertEquals(0x80_0080, status());
    assertEquals(0x1234_0608, read(0x1000));
    write(0x2000, 0x20_0020);
    write(0x2000, 0xD0_00D0);
    assertEquals(0x80_0080, status());
    assertEquals(0xFFFF_FFFFL, read(0x1000));
    assertEquals(0, read(BLOCK), "the next block stays");
  }

  @Test
  void theBufferIsProgrammedWhenItIsConfirmed() {
    write(BLOCK, 0xE8_00E8);
    assertEquals(0x80_0080, read(BLOCK), "there is room");
    write(BLOCK, 0x03_0003);
    for (int i = 0; i < 4; i++) {
      write(BLOCK + 0x100 + 4 * i, 0x1111_1111L * (i + 1));
    }
    assertEquals(0xFFFF_FFFFL, context.read(1, BLOCK, 4), "the other bank shows its contents");
    write(BLOCK, 0xD0_00D0);
    assertEquals(0x80_0080, status());
    assertEquals(0x4444_4444, read(BLOCK + 0x10C));
    assertEquals(0xFFFF_FFFFL, read(BLOCK + 0x110));
  }

  @Test
  void whatIsNoSequenceOfCommandsIsSaidInTheStatusAndDoesNothing() {
    write(BLOCK, 0xE8_00E8);
    write(BLOCK, 0x20_0020);
    assertEquals(0xB0_00B0, status(), "33 words");
    write(BLOCK, 0xE8_00E8);
    write(BLOCK, 0);
    write(0, 7);
    assertEquals(0xB0_00B0, status(), "another block");
    write(BLOCK, 0xE8_00E8);
    write(BLOCK, 0);
    write(BLOCK, 7);
    write(BLOCK, 0xFF_00FF);
    assertEquals(0xB0_00B0, status(), "not confirmed");
    write(BLOCK, 0x20_0020);
    write(BLOCK, 0xFF_00FF);
    assertEquals(0xB0_00B0, status(), "an erasure that isn't confirmed");
    write(BLOCK, 0x60_0060);
    write(BLOCK, 0x05_0005);
    assertEquals(0xB0_00B0, status(), "a lock that isn't one");
    assertEquals(0xFFFF_FFFFL, read(BLOCK));
    assertEquals(List.of(), context.reportedFaults());
    write(BLOCK, 0x33);
    assertEquals(List.of(new FakeContext.Fault(RegisterFaults.Kind.UNKNOWN_WRITE, BLOCK, 0x33)), context.reportedFaults());
    assertEquals(0xFFFF_FFFFL, read(BLOCK));
  }

  @Test
  void aLockedBlockIsNeitherProgrammedNorErased() {
    program(0, 5);
    write(0, 0x60_0060);
    write(0, 0x01_0001);
    write(0, 0x90_0090);
    assertEquals(0x01_0001, read(8));
    assertEquals(0, read(BLOCK + 8), "the next block");
    program(0, 4);
    assertEquals(0x92_0092, status());
    write(0, 0x20_0020);
    write(0, 0xD0_00D0);
    assertEquals(0xA2_00A2, status());
    assertEquals(5, read(0));
    write(0, 0x60_0060);
    write(0, 0xD0_00D0);
    program(0, 4);
    assertEquals(0x80_0080, status());
    assertEquals(4, read(0));
  }

  @Test
  void aResetShowsTheContentsAndKeepsThem() {
    program(0x20, 9);
    write(0, 0xE8_00E8);
    model.reset();
    assertEquals(9, read(0x20));
    assertEquals(0x80_0080, status());
  }

  /** In the middle of each sequence another version takes over. */
  @Test
  void anotherVersionGoesOnInTheMiddleOfACommand() {
    write(BLOCK, 0xE8_00E8);
    takeOver();
    write(BLOCK, 0x01_0001);
    takeOver();
    write(BLOCK, 0x1111);
    takeOver();
    write(BLOCK + 4, 0x2222);
    takeOver();
    write(BLOCK, 0xD0_00D0);
    takeOver();
    assertEquals(0x80_0080, read(0));
    write(0, 0xFF_00FF);
    takeOver();
    assertEquals(0x2222_0000_1111L, context.read(0, BLOCK, 8));
  }

  private void takeOver() {
    FakeContext next = context.successor();
    DeviceModel heir = next.create(new CfiFlashComponent());
    heir.state().restore(model.state().save());
    heir.restored();
    context = next;
    model = heir;
  }

  @Test
  void oneChipOfEightOrSixteenBitsIsABankToo() {
    for (int width : new int[] {1, 2}) {
      FakeContext small = new FakeContext(node(width, 0x2_0000));
      small.create(new CfiFlashComponent());
      small.write(0, 0x55 * width, width, 0x98);
      assertEquals('Q', small.read(0, 0x10 * width, width));
      assertEquals('R', small.read(0, 0x11 * width, width));
      assertEquals(17, small.read(0, 0x27 * width, width));
      assertEquals(width - 1, small.read(0, 0x28 * width, width));
      small.write(0, 0, width, 0xFF);
      small.write(0, 0, width, 0x10);
      small.write(0, 0x31, 1, 0x7F);
      small.write(0, 0, width, 0xFF);
      assertEquals(0x7F, small.read(0, 0x31, 1));
    }
  }

  @Test
  void whatNoChipsAreIsRefusedWithTheRemedy() {
    refused("/flash@0: bank-width: expected 1, 2 or 4 bytes, got 8", node(8, BANK));
    refused("/flash@0: reg: bank 0 has 0x3000000 bytes: expected a power of two", node(4, 0x300_0000));
  }

  private static void refused(String message, PlatformNode node) {
    ModelException e = assertThrows(ModelException.class, () -> new FakeContext(node).create(new CfiFlashComponent()));
    assertTrue(e.getMessage().startsWith(message), e.getMessage());
  }
}
