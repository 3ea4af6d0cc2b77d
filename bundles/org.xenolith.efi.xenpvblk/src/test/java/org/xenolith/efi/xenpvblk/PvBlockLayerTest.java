// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.xenpvblk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.BlockMedia;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.testkit.efi.FakeFirmware;

/** A front end with a back end of a test's: requests of both forms, ends, lies. */
class PvBlockLayerTest {
  static final Map<String, String> ALL = Map.of("feature-max-indirect-segments", "256", "feature-flush-cache", "1",
      "feature-discard",
      "1");

  final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
  private final EfiRam memory = firmware.memory();
  final PvBlockLayer layer = new PvBlockLayer();
  BackEnd back;
  long handle;

  private PvBlockLayerTest with(Map<String, String> can) {
    hardware(can);
    layer.begin(firmware);
    return this;
  }

  void hardware(Map<String, String> can) {
    back = new BackEnd(firmware, can);
    handle = firmware.handles().install(0, Protocol.XEN_BUS, back.device());
  }

  private long connected() {
    assertEquals(0, firmware.connect(layer, handle));
    return firmware.handles().find(handle, Protocol.BLOCK_IO);
  }

  private EfiStatus transfer(long block, int function, long first, long size, long buffer) {
    return EfiStatus.of(firmware.call(memory.get64(block + function), block, 0, first, size, buffer));
  }

  @Test
  void blocksAreReadAndWrittenInBothForms() {
    for (Map<String, String> can : List.of(ALL, Map.<String, String>of())) {
      PvBlockLayerTest test = new PvBlockLayerTest().with(can);
      long block = test.connected();
      EfiRam ram = test.memory;
      assertEquals(test.back.bytes.length / 512, BlockMedia.blocks(ram, block));
      assertEquals("4 1 9 arm-abi", test.back.store().get("front/state") + ' ' + test.back.store().get("front/feature-persistent") + ' '
          + test.back.store().get("front/event-channel") + ' ' + test.back.store().get("front/protocol"));
      long buffer = test.firmware.room(1 << 20) + 1;
      assertEquals(EfiStatus.SUCCESS, test.transfer(block, BlockMedia.READ, 7, 600_064, buffer), "to an odd address");
      assertArrayEquals(Arrays.copyOfRange(test.back.bytes, 7 * 512, 7 * 512 + 600_064), ram.read(buffer, 600_064));
      assertEquals(can.isEmpty() ? (600_064 + 45_055) / 45_056 : 3, test.back.requests.size());
      assertEquals(can.isEmpty() ? "read 7" : "read indirect 7", test.back.requests.getFirst());
      ram.put8(buffer + 512, 0x5A);
      ram.put8(buffer + 80_000, 0x5B);
      assertEquals(EfiStatus.SUCCESS, test.transfer(block, BlockMedia.WRITE, 100, 81_920, buffer));
      assertEquals(List.of(0x5A, 0x5B), List.of((int) test.back.bytes[101 * 512], (int) test.back.bytes[51_200 + 80_000]));
      test.back.requests.clear();
      assertEquals(0, test.firmware.call(ram.get64(block + BlockMedia.FLUSH), block));
      assertEquals(can.isEmpty() ? List.of() : List.of("flush 0"), test.back.requests);
      for (int i = 0; i < 70; i++) {
        assertEquals(EfiStatus.SUCCESS, test.transfer(block, BlockMedia.READ, i, 512, buffer), "twice around the ring");
      }
      assertArrayEquals(Arrays.copyOfRange(test.back.bytes, 69 * 512, 70 * 512), ram.read(buffer, 512));
      assertEquals(List.of(), test.firmware.reports());
    }
  }

  @Test
  void nothingIsLeftWhenItStops() {
    with(ALL);
    int before = firmware.allocated();
    for (int i = 0; i < 3; i++) {
      long block = connected();
      assertEquals(EfiStatus.SUCCESS, transfer(block, BlockMedia.READ, 0, 4096, firmware.room(4096)));
      assertEquals(66, back.granted().size());
      assertEquals(0, firmware.disconnect(layer, handle));
      assertEquals(before, firmware.allocated());
      assertEquals(Map.of(), back.granted());
      assertEquals(0, back.ports());
      assertEquals("1 2", back.store().get("front/state") + ' ' + back.store().get("back/state"));
      assertNull(back.store().get("front/ring-ref"));
    }
  }

  @Test
  void operatingSystemsFindADeviceThatNobodyUses() {
    with(ALL);
    long block = connected();
    assertEquals(0, firmware.call(firmware.function(layer, "Quiesce"), 0x77, block));
    assertEquals(Map.of(), back.granted());
    assertEquals("1 2", back.store().get("front/state") + ' ' + back.store().get("back/state"));
  }

  @Test
  void blocksAreErasedIfTheBackEndDiscards() {
    with(ALL);
    connected();
    long erase = firmware.handles().find(handle, PvBlockLayer.ERASE_BLOCK);
    assertEquals(8, memory.get32(erase + 8), "blocks in 4 KiB");
    long function = memory.get64(erase + 16);
    assertEquals(0, firmware.call(function, erase, 0, 16, 0, 8192));
    assertEquals(List.of("discard 16 16"), back.requests);
    assertEquals(EfiStatus.INVALID_PARAMETER, EfiStatus.of(firmware.call(function, erase, 0, 1L << 40, 0, 8192)));
    assertEquals(EfiStatus.MEDIA_CHANGED, EfiStatus.of(firmware.call(function, erase, 3, 0, 0, 8192)));
    long token = firmware.room(16);
    memory.put64(token, 0x77);
    assertEquals(EfiStatus.UNSUPPORTED, EfiStatus.of(firmware.call(function, erase, 0, 0, token, 8192)), "with an event");
    assertEquals(0, new PvBlockLayerTest().with(Map.of()).erasers());
  }

  private int erasers() {
    connected();
    return firmware.handles().handles(PvBlockLayer.ERASE_BLOCK).size();
  }

  @Test
  void whatCallersGetWrongHasAStatus() {
    with(Map.of("info", "4"));
    long block = connected();
    long buffer = firmware.room(4096);
    assertEquals(EfiStatus.WRITE_PROTECTED, transfer(block, BlockMedia.WRITE, 0, 512, buffer));
    assertEquals(EfiStatus.BAD_BUFFER_SIZE, transfer(block, BlockMedia.READ, 0, 100, buffer));
    assertEquals(EfiStatus.INVALID_PARAMETER, transfer(block, BlockMedia.READ, back.bytes.length / 512 - 1, 1024, buffer));
    assertEquals(EfiStatus.INVALID_PARAMETER, transfer(block, BlockMedia.READ, -1, 512, buffer));
    assertEquals(EfiStatus.INVALID_PARAMETER, transfer(block, BlockMedia.READ, 0, 512, 0));
    assertEquals(EfiStatus.MEDIA_CHANGED, EfiStatus.of(firmware.call(memory.get64(block + BlockMedia.READ), block, 9, 0, 512, buffer)));
    assertEquals(EfiStatus.INVALID_PARAMETER, EfiStatus.of(firmware.call(memory.get64(block + BlockMedia.READ), block + 8, 0, 0, 512,
        buffer)));
    assertEquals(List.of(), back.requests);
  }

  @Test
  void aBackEndThatLiesIsUsedNoMore() {
    for (BackEnd.Lie each : List.of(BackEnd.Lie.SILENT, BackEnd.Lie.INDEX, BackEnd.Lie.IDENTITY)) {
      PvBlockLayerTest other = new PvBlockLayerTest().with(ALL);
      long block = other.connected();
      long buffer = other.firmware.room(4096);
      other.back.lie = each;
      assertEquals(each == BackEnd.Lie.SILENT ? EfiStatus.TIMEOUT : EfiStatus.DEVICE_ERROR, other.transfer(block, BlockMedia.READ, 0, 512,
          buffer));
      assertTrue(other.firmware.reports().getFirst().contains("it is used no more"), other.firmware.reports()::toString);
      other.back.lie = BackEnd.Lie.NONE;
      assertEquals(EfiStatus.DEVICE_ERROR, other.transfer(block, BlockMedia.READ, 0, 512, buffer));
      assertEquals(0, other.firmware.disconnect(other.layer, other.handle));
      assertEquals(EfiStatus.SUCCESS, other.transfer(other.connected(), BlockMedia.READ, 0, 512, buffer));
    }
  }

  @Test
  void aRequestThatFailsIsTheCallersError() {
    with(ALL);
    long block = connected();
    long buffer = firmware.room(4096);
    back.lie = BackEnd.Lie.STATUS;
    assertEquals(EfiStatus.DEVICE_ERROR, transfer(block, BlockMedia.READ, 0, 512, buffer));
    back.lie = BackEnd.Lie.NONE;
    assertEquals(EfiStatus.SUCCESS, transfer(block, BlockMedia.READ, 0, 512, buffer));
  }

  @Test
  void aStartThatFailsLeavesNothing() {
    with(ALL);
    int before = firmware.allocated();
    back.store().put("back/state", "1");
    back.lie = BackEnd.Lie.NEVER_READY;
    assertEquals(EfiStatus.TIMEOUT, EfiStatus.of(firmware.connect(layer, handle)));
    back.lie = BackEnd.Lie.NONE;
    back.store().put("back/state", "2");
    back.store().put("back/sector-size", "0");
    assertEquals(EfiStatus.UNSUPPORTED, EfiStatus.of(firmware.connect(layer, handle)));
    assertEquals(before, firmware.allocated());
    assertEquals(Map.of(), back.granted());
    assertEquals(0, back.ports());
    assertTrue(firmware.reports().getLast().contains("blocks of 0 bytes"), firmware.reports()::toString);
  }

  @Test
  void aStoreInWhichEachTransactionFailsDoesntHoldTheStartUp() {
    with(ALL);
    int before = firmware.allocated();
    back.conflicts(Integer.MAX_VALUE);
    assertEquals(EfiStatus.NOT_READY, EfiStatus.of(firmware.connect(layer, handle)));
    assertEquals(before, firmware.allocated());
    assertEquals(Map.of(), back.granted());
  }

  /** Each question to it may be an event. */
  @Test
  void aStoreThatFailsIsntAskedAgainAndAgain() {
    with(ALL);
    connected();
    back.lie = BackEnd.Lie.STORE_FAILS;
    int before = back.reads();
    assertEquals(0, firmware.disconnect(layer, handle));
    assertEquals(EfiStatus.DEVICE_ERROR, EfiStatus.of(firmware.connect(layer, handle)));
    assertTrue(back.reads() - before < 20, () -> back.reads() - before + " reads");
  }

  @Test
  void aRequestThatIsRefusedIsToldOnceInARow() {
    with(ALL);
    long block = connected();
    long buffer = firmware.room(4096);
    back.lie = BackEnd.Lie.STATUS;
    transfer(block, BlockMedia.READ, 0, 512, buffer);
    transfer(block, BlockMedia.READ, 0, 512, buffer);
    assertEquals(List.of("PV block device: its back end ends a request with status -1"), firmware.reports());
  }

  @Test
  void pagesThatABackEndKeepsAreTold() {
    with(Map.of());
    connected();
    back.lie = BackEnd.Lie.KEEPS_PAGES;
    assertEquals(0, firmware.disconnect(layer, handle));
    assertTrue(firmware.reports().getFirst().contains("stays granted"), firmware.reports()::toString);
  }
}
