// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.flash.cfi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.block.api.BlockUnitsPort;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.block.MemoryDisk;

/** Two banks of 1 MiB, one of them with a disk that has its contents. */
class FlashOnDiskTest {
  private static final int BANK = 1 << 20;
  private static final int BLOCK = 0x4_0000;
  private static final int READY = 0x80_0080;
  private static final int PROGRAM_FAILED = 0x10;
  private static final int ERASE_FAILED = 0x20;
  private static final int REFUSED = 0x02;

  private FakeContext context = new FakeContext(node());
  private DeviceModel model;

  private static PlatformNode node() {
    return FakeNode.at("/flash@0").compatible("cfi-flash").property(FdtProperty.ofCells("bank-width", 4)).window(0, BANK).window(BANK, BANK)
        .build();
  }

  @BeforeEach
  void create() {
    model = context.create(new CfiFlashComponent());
  }

  private MemoryDisk attach(int bytes, boolean readOnly) {
    MemoryDisk disk = new MemoryDisk(bytes / BlockDevice.SECTOR);
    Arrays.fill(disk.content, (byte) 0x5A);
    disk.readOnly = readOnly;
    context.port(BlockUnitsPort.class).unit(1).attach(disk, "");
    return disk;
  }

  private void write(long offset, long value) {
    context.write(1, offset, 4, value);
  }

  private long read(long offset) {
    return context.read(1, offset, 4);
  }

  private void program(long offset, long value) {
    write(offset, 0x40_0040);
    write(offset, value);
  }

  private void erase(long offset) {
    write(offset, 0x20_0020);
    write(offset, 0xD0_00D0);
  }

  private long status() {
    write(0, 0x70_0070);
    long status = read(0);
    write(0, 0x50_0050);
    write(0, 0xFF_00FF);
    return status & 0xFF;
  }

  private static long word(BlockDevice disk, long offset) throws IOException {
    byte[] sector = new byte[BlockDevice.SECTOR];
    disk.read(offset / BlockDevice.SECTOR, sector, 0, 1);
    long value = 0;
    for (int i = 0; i < 4; i++) {
      value |= (sector[(int) (offset % BlockDevice.SECTOR) + i] & 0xFFL) << 8 * i;
    }
    return value;
  }

  @Test
  void aBankHasWhatItsDiskHas() {
    attach(BANK, false);
    assertEquals(0x5A5A_5A5AL, read(BANK - 4));
    assertEquals(0xFFFF_FFFFL, context.read(0, 0, 4), "the other bank has none");
  }

  @Test
  void whatIsProgrammedOrErasedIsOnTheDiskAtOnce() throws IOException {
    MemoryDisk disk = attach(BANK, false);
    program(0x1234, 0x0F0F_0F0F);
    assertEquals(0x5A5A_5A5AL & 0x0F0F_0F0F, word(disk, 0x1234));
    assertEquals(0x5A5A_5A5AL, word(disk, 0x1238));
    erase(BLOCK);
    assertEquals(0xFFFF_FFFFL, word(disk, BLOCK));
    assertEquals(0xFFFF_FFFFL, word(disk, 2 * BLOCK - 4));
    assertEquals(0x5A5A_5A5AL, word(disk, 2 * BLOCK));
    write(BLOCK, 0xE8_00E8);
    write(BLOCK, 1);
    write(BLOCK + 0x1FC, 0x1111_1111);
    write(BLOCK + 0x200, 0x2222_2222);
    write(BLOCK, 0xD0_00D0);
    assertEquals(0x1111_1111, word(disk, BLOCK + 0x1FC));
    assertEquals(0x2222_2222, word(disk, BLOCK + 0x200));
    assertEquals(READY & 0xFF, status());
  }

  @Test
  void aReadOnlyDiskKeepsItsContentsAndTheChipSaysSo() throws IOException {
    MemoryDisk disk = attach(BANK, true);
    program(0, 0);
    assertEquals(0x80 | PROGRAM_FAILED | REFUSED, status());
    erase(0);
    assertEquals(0x80 | ERASE_FAILED | REFUSED, status());
    assertEquals(0x5A5A_5A5AL, read(0));
    assertEquals(0x5A5A_5A5AL, word(disk, 0));
  }

  /** A store that was cut in half. */
  @Test
  void beyondAShortDiskAllIsErasedAndNothingCanBeProgrammed() {
    attach(BLOCK + 512, false);
    assertEquals(0x5A5A_5A5AL, read(BLOCK + 508));
    assertEquals(0xFFFF_FFFFL, read(BLOCK + 512));
    program(BLOCK + 512, 0);
    assertEquals(0x80 | PROGRAM_FAILED | REFUSED, status());
    assertEquals(0xFFFF_FFFFL, read(BLOCK + 512));
    erase(BLOCK);
    assertEquals(0x80 | ERASE_FAILED | REFUSED, status());
    program(BLOCK + 508, 0);
    assertEquals(0x80, status());
  }

  @Test
  void aLongDiskIsToldAndItsBeginningCounts() {
    attach(2 * BANK, false);
    assertEquals(0x5A5A_5A5AL, read(BANK - 4));
    assertEquals(List.of("flash-image-too-long"), context.reportedEvents().stream().map(FakeContext.Event::kind).toList());
  }

  @Test
  void aDiskThatFailsIsToldAndTheChipSaysSo() {
    MemoryDisk disk = attach(BANK, false);
    disk.broken = true;
    program(0, 0);
    assertEquals(0x80 | PROGRAM_FAILED, status());
    erase(0);
    assertEquals(0x80 | ERASE_FAILED, status());
  }

  @Test
  void anotherVersionHasTheSameContentsAndDisk() throws IOException {
    MemoryDisk disk = attach(BANK, false);
    program(0, 0x0A0A_0A0A);
    write(0, 0xFF_00FF);
    StateRecord record = model.state().save();
    model.removed();
    context = context.successor();
    model = context.create(new CfiFlashComponent());
    model.state().restore(record);
    model.restored();
    assertEquals(0x0A0A_0A0AL, read(0));
    program(4, 0);
    assertEquals(0, word(disk, 4));
  }
}
