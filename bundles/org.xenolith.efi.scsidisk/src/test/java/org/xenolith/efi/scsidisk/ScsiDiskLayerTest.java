// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.scsidisk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.BlockMedia;
import org.xenolith.efi.boot.kit.ScsiPacket;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.testkit.efi.FakeFirmware;

/** A unit that a test carries commands out for, and which has something to complain of now and then. */
class ScsiDiskLayerTest {
  private static final int BYTES = 1 << 20;

  final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
  private final EfiRam memory = firmware.memory();
  final ScsiDiskLayer layer = new ScsiDiskLayer();
  final byte[] bytes = new byte[BYTES];
  /** Sense key and additional code of commands to come; the unit is content when there are none left. */
  private final Deque<int[]> complaints = new ArrayDeque<>();
  private int kind;
  private int blockSize = 512;
  private long offset;
  boolean isProtected;
  private boolean knowsModes = true;
  private int flushes;
  private int missing;
  private int alignment = 1;
  long controller;

  @BeforeEach
  void begin() {
    hardware();
    layer.begin(firmware);
  }

  void hardware() {
    new Random(3).nextBytes(bytes);
    long unit = firmware.room(48);
    memory.put64(unit, firmware.guest(call -> {
      memory.put8(call.argument(1), kind);
      return EfiStep.done();
    }));
    memory.put64(unit + 32, firmware.guest(call -> EfiStep.done(execute(call.argument(1)))));
    memory.put32(unit + 40, alignment);
    controller = firmware.handles().install(0, Protocol.SCSI_IO, unit);
  }

  private void sense(long packet, int key, int code) {
    long at = memory.get64(packet + ScsiPacket.SENSE);
    memory.put8(packet + ScsiPacket.TARGET_STATUS, 2);
    memory.put8(at, 0xF0);
    memory.put8(at + 2, key);
    memory.put8(at + 12, code);
  }

  private EfiStatus execute(long packet) {
    int direction = memory.get8(packet + ScsiPacket.DIRECTION);
    long moved = memory.get32(ScsiPacket.length(packet, direction));
    if (moved != 0 && memory.get64(ScsiPacket.data(packet, direction)) % alignment != 0 || memory.get64(packet + ScsiPacket.SENSE)
        % alignment != 0) {
      return EfiStatus.INVALID_PARAMETER;
    }
    if (!complaints.isEmpty()) {
      int[] complaint = complaints.pop();
      sense(packet, complaint[0], complaint[1]);
      return EfiStatus.SUCCESS;
    }
    ByteBuffer command = ByteBuffer.wrap(memory.read(memory.get64(packet + ScsiPacket.COMMAND), memory.get8(packet
        + ScsiPacket.COMMAND_LENGTH)));
    long in = memory.get64(ScsiPacket.data(packet, ScsiPacket.READ));
    long last = offset + BYTES / blockSize - 1;
    switch (command.get(0) & 0xFF) {
      case 0x00 -> assertEquals(6, command.capacity());
      case 0x25 -> memory.write(in, ByteBuffer.allocate(8).putInt(last > 0xFFFF_FFFEL ? -1 : (int) last).putInt(blockSize).array());
      case 0x9E -> {
        assertEquals(0x10, command.get(1));
        assertEquals(32, command.getInt(10));
        memory.write(in, ByteBuffer.allocate(32).putLong(last).putInt(blockSize).array());
      }
      case 0x1A -> {
        if (!knowsModes) {
          sense(packet, 5, 0x20);
          break;
        }
        assertEquals(4, command.get(4));
        memory.put8(in + 2, isProtected ? 0x80 : 0);
      }
      case 0x35 -> flushes++;
      case 0x28, 0x88 -> {
        byte[] piece = piece(command);
        memory.put32(ScsiPacket.length(packet, ScsiPacket.READ), piece.length - missing);
        memory.write(in, piece);
      }
      case 0x2A, 0x8A -> {
        byte[] piece = piece(command);
        System.arraycopy(memory.read(memory.get64(ScsiPacket.data(packet, ScsiPacket.WRITE)), piece.length), 0, bytes, at(command),
            piece.length);
      }
      default -> sense(packet, 5, 0x20);
    }
    return EfiStatus.SUCCESS;
  }

  private int at(ByteBuffer command) {
    long first = command.capacity() == 16 ? command.getLong(2) : command.getInt(2) & 0xFFFF_FFFFL;
    return Math.toIntExact((first - offset) * blockSize);
  }

  private byte[] piece(ByteBuffer command) {
    int count = command.capacity() == 16 ? command.getInt(10) : command.getShort(7) & 0xFFFF;
    return Arrays.copyOfRange(bytes, at(command), at(command) + count * blockSize);
  }

  private long connected() {
    assertEquals(0, firmware.connect(layer, controller));
    return firmware.handles().find(controller, Protocol.BLOCK_IO);
  }

  private EfiStatus transfer(long block, int function, long first, long size, long buffer) {
    return EfiStatus.of(firmware.call(memory.get64(block + function), block, 0, first, size, buffer));
  }

  @Test
  void buffersAreAsAlignedAsTheUnitWants() {
    for (int each : new int[] {0, 4, 64, 512, 4096}) {
      ScsiDiskLayerTest bench = new ScsiDiskLayerTest();
      bench.alignment = Math.max(1, each);
      bench.hardware();
      bench.layer.begin(bench.firmware);
      long block = bench.connected();
      assertEquals(bench.alignment, Math.max(1, bench.memory.get32(bench.memory.get64(block + 8) + 16)), "IoAlign of the medium");
      long buffer = bench.firmware.room(BYTES);
      bench.complaints.add(new int[] {6, 0x29});
      assertEquals(EfiStatus.SUCCESS, bench.transfer(block, BlockMedia.READ, 0, BYTES, buffer), "alignment " + each);
      for (int off = 1; off < each; off *= 2) {
        assertEquals(EfiStatus.INVALID_PARAMETER, bench.transfer(block, BlockMedia.READ, 0, 512, buffer + off), off + " off");
        assertEquals(EfiStatus.INVALID_PARAMETER, bench.transfer(block, BlockMedia.WRITE, 0, 512, buffer + off), off + " off");
      }
      assertEquals(EfiStatus.SUCCESS, bench.transfer(block, BlockMedia.WRITE, 1, 512, buffer));
    }
  }

  @Test
  void blocksAreReadAndWrittenByShortAndLongCommands() {
    for (long each : new long[] {0, 5L << 32}) {
      offset = each;
      long block = connected();
      assertEquals(each + BYTES / 512, BlockMedia.blocks(memory, block));
      long buffer = firmware.room(BYTES);
      assertEquals(EfiStatus.SUCCESS, transfer(block, BlockMedia.READ, each + 1, BYTES - 512, buffer));
      assertArrayEquals(Arrays.copyOfRange(bytes, 512, BYTES), memory.read(buffer, BYTES - 512));
      memory.put8(buffer, bytes[512] + 1);
      assertEquals(EfiStatus.SUCCESS, transfer(block, BlockMedia.WRITE, each + 300, 1024, buffer));
      assertEquals((byte) (bytes[512] + 1), bytes[300 * 512]);
      assertEquals(EfiStatus.INVALID_PARAMETER, transfer(block, BlockMedia.READ, each + BYTES / 512, 512, buffer));
      assertEquals(EfiStatus.SUCCESS, EfiStatus.of(firmware.call(memory.get64(block + BlockMedia.FLUSH), block)));
      assertEquals(0, firmware.disconnect(layer, controller));
      assertEquals(2, firmware.allocated(), "the driver's binding and its name");
    }
    assertEquals(2, flushes);
  }

  @Test
  void whatIsProtectedAndWhatCanBeTakenOutSaysSo() {
    isProtected = true;
    long block = connected();
    assertEquals(EfiStatus.WRITE_PROTECTED, transfer(block, BlockMedia.WRITE, 0, 512, firmware.room(512)));
    assertEquals(0, firmware.disconnect(layer, controller));
    isProtected = false;
    knowsModes = false;
    block = connected();
    assertEquals(EfiStatus.SUCCESS, transfer(block, BlockMedia.WRITE, 0, 512, firmware.room(512)), "a unit without MODE SENSE");
    assertEquals(0, firmware.disconnect(layer, controller));
    kind = 5;
    blockSize = 2048;
    block = connected();
    assertEquals(2048, BlockMedia.blockSize(memory, block));
    assertEquals(1, memory.get8(memory.get64(block + 8) + 4), "RemovableMedia");
    assertEquals(EfiStatus.WRITE_PROTECTED, transfer(block, BlockMedia.WRITE, 0, 2048, firmware.room(2048)));
    assertEquals(0, firmware.disconnect(layer, controller));
    kind = 1;
    assertEquals(EfiStatus.UNSUPPORTED, EfiStatus.of(firmware.connect(layer, controller)), "a tape");
  }

  @Test
  void whatAUnitComplainsOfIsAskedAgainWaitedForOrTheCallersError() {
    complaints.add(new int[] {6, 0x29});
    complaints.add(new int[] {6, 0x2A});
    long before = firmware.counter();
    long block = connected();
    assertEquals(before, firmware.counter(), "a unit attention is asked again at once");
    long buffer = firmware.room(4096);
    complaints.add(new int[] {2, 4});
    assertEquals(EfiStatus.SUCCESS, transfer(block, BlockMedia.READ, 0, 512, buffer));
    assertEquals(firmware.frequency() / 100, firmware.counter() - before, "a unit that becomes ready is waited for");
    complaints.add(new int[] {3, 0x11});
    assertEquals(EfiStatus.DEVICE_ERROR, transfer(block, BlockMedia.READ, 0, 512, buffer));
    complaints.add(new int[] {7, 0x27});
    assertEquals(EfiStatus.WRITE_PROTECTED, transfer(block, BlockMedia.WRITE, 0, 512, buffer));
    missing = 8;
    assertEquals(EfiStatus.DEVICE_ERROR, transfer(block, BlockMedia.READ, 0, 512, buffer), "less than was asked for");
    missing = 0;
    for (int i = 0; i < 1000; i++) {
      complaints.add(new int[] {6, 0x29});
    }
    assertEquals(EfiStatus.DEVICE_ERROR, transfer(block, BlockMedia.READ, 0, 512, buffer), "not for ever");
    complaints.clear();
    assertEquals(EfiStatus.SUCCESS, transfer(block, BlockMedia.READ, 0, 512, buffer));
  }

  @Test
  void aUnitThatCantBeADiskIsLeft() {
    complaints.add(new int[] {2, 0x3A});
    assertEquals(EfiStatus.NO_MEDIA, EfiStatus.of(firmware.connect(layer, controller)));
    blockSize = 8192;
    assertEquals(EfiStatus.UNSUPPORTED, EfiStatus.of(firmware.connect(layer, controller)));
    blockSize = 100;
    assertEquals(EfiStatus.UNSUPPORTED, EfiStatus.of(firmware.connect(layer, controller)));
    assertEquals(2, firmware.allocated());
    blockSize = 512;
    connected();
  }
}
