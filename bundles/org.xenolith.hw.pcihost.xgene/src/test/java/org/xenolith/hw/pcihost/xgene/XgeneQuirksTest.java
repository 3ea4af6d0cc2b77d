// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pcihost.xgene;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.api.ModelDescription.Option;

/** Each defect: what goes wrong for software that doesn't know it, and that it doesn't when it is switched off. */
class XgeneQuirksTest {
  private static final long ALL_ONES = 0xFFFF_FFFFL;
  private static final long CARD_IDS = Mustang.CARD_IDS & ALL_ONES;
  private static final long BUFFER = 0x4000_1000L;

  @Test
  void everyQuirkIsOnAndTestedHere() {
    assertEquals(Set.of("clock-gate", "target-register", "word-config-reads", "config-enable", "crs-invents-devices", "root-bars",
        "outbound-map", "outbound-minimum", "inbound-map"), XgeneHostComponent.DESCRIPTION.options().stream().filter(Option::quirk)
            .filter(o -> o.initial().equals("true")).map(Option::name).collect(Collectors.toSet()));
  }

  private static Mustang board(String... options) {
    return new Mustang(options).on().withCard();
  }

  private static Mustang wide(String... options) {
    return Mustang.withWideWindow(options).on().withCard();
  }

  // ---- clock-gate

  @Test
  void withoutItsClockThePortIsSilent() {
    Mustang board = board();
    Linux linux = new Linux(board);
    linux.csr(Linux.RTDID, 0x0100);
    assertEquals(0, linux.csr(Linux.IDS));
    assertEquals("(rc) link down", linux.link());
    assertEquals(ALL_ONES, linux.raw(0, 4));
    assertTrue(board.events("clock-off") >= 4);
    board.gate(true);
    assertEquals(0, linux.csr(Linux.RTDID), "the write was lost");
    linux.bringUp().enumerate();
    assertEquals(CARD_IDS, linux.config(1, 0, 0));
    board.gate(false);
    assertEquals(ALL_ONES, board.port.readAt(Mustang.MEMORY, 4));
    assertThrows(ExternalAbort.class, () -> board.endpoint.dma().read(BUFFER, 4));
    board.gate(true);
    assertEquals(CARD_IDS, linux.config(1, 0, 0), "registers are kept");
  }

  @Test
  void withoutTheClockGateThePortAnswersAtOnce() {
    Linux linux = new Linux(board("clock-gate", "false"));
    linux.csr(Linux.RTDID, 0x0100);
    assertEquals(0x0100, linux.csr(Linux.RTDID));
    assertEquals("(rc) x8 gen-3 link up", linux.link());
  }

  // ---- target-register

  /** What software that takes the window for ECAM reads of a function's ids. */
  private static long ecam(Linux linux, int bus, int device) {
    return linux.raw((long) bus << 20 | (long) device << 15, 4);
  }

  @Test
  void whoTakesTheWindowForEcamFindsOneFunctionEverywhere() {
    Linux linux = new Linux(wide()).bringUp();
    linux.config(0, 0, 0x18, 0x00_FF_01_00);
    for (int device = 0; device < 32; device++) {
      assertEquals(device % 8 < 2 ? 0xE004_10E8L : ALL_ONES, ecam(linux, 0, device), "device " + device);
    }
    assertEquals(0xE004_10E8L, ecam(linux, 1, 0), "the card isn't there: it's the root port again");
    assertEquals(CARD_IDS, linux.config(1, 0, 0), "only RTDID leads to it");
  }

  /** Address bits 17:16 are the cycle's type, and no cycle of type 0 leaves the root port. */
  @Test
  void withoutType1TheCardIsNotReached() {
    Linux linux = new Linux(board()).bringUp();
    linux.config(0, 0, 0x18, 0x00_FF_01_00);
    linux.csr(Linux.RTDID, 0x0100);
    assertEquals(0xE004_10E8L, linux.raw(0, 4));
    assertEquals(CARD_IDS, linux.raw(0x1_0000, 4));
    assertEquals(ALL_ONES, linux.raw(0x2_0000, 4));
    assertEquals(ALL_ONES, linux.raw(0x3_0000, 4));
  }

  @Test
  void theWindowMayBeEcam() {
    Linux linux = new Linux(wide("target-register", "false")).bringUp();
    linux.raw(0x18, 0x00_FF_01_00L, 4);
    assertEquals(0xE004_10E8L, ecam(linux, 0, 0));
    assertEquals(ALL_ONES, ecam(linux, 0, 1));
    assertEquals(CARD_IDS, ecam(linux, 1, 0));
    linux.raw(1 << 20 | 0x10, 0x8000_0000L, 4);
    assertEquals(0x8000_0004L, linux.raw(1 << 20 | 0x10, 4));
    assertEquals(ALL_ONES, ecam(linux, 1, 1));
    assertEquals(ALL_ONES, ecam(linux, 2, 0));
  }

  // ---- word-config-reads

  @Test
  void narrowConfigurationReadsGiveTheLowestBits() {
    Linux linux = new Linux(board()).bringUp();
    assertEquals(0x10E8, linux.raw(0, 2));
    assertEquals(0x10E8, linux.raw(2, 2), "not the device id");
    assertEquals(0x00, linux.raw(0x0E, 1), "not the header type");
    assertEquals(1, linux.raw(0x0C, 4) >>> 16 & 0x7F);
  }

  @Test
  void narrowConfigurationReadsMayWork() {
    Linux linux = new Linux(board("word-config-reads", "false")).bringUp();
    assertEquals(0xE004, linux.raw(2, 2));
    assertEquals(1, linux.raw(0x0E, 1));
  }

  /** Not a defect: Linux's ACPI path relies on it. */
  @Test
  void narrowConfigurationWritesReachTheirLanes() {
    Mustang board = board();
    Linux linux = new Linux(board).bringUp();
    board.port.write(1, 0x19, 1, 0x05);
    board.port.write(1, 0x1A, 1, 0x09);
    assertEquals(0x0009_0500L, linux.config(0, 0, 0x18));
  }

  // ---- config-enable

  @Test
  void configurationCyclesFailUntilTheWindowIsOpen() {
    Mustang board = board();
    Linux linux = new Linux(board);
    board.gate(true);
    assertEquals(ALL_ONES, linux.raw(0, 4));
    linux.csr(0x15C, 1);
    assertEquals(ALL_ONES, linux.raw(0, 4), "CFGBAR is 0");
    assertEquals(2, board.events("config-closed"));
    linux.openConfig();
    assertEquals(0xE004_10E8L, linux.raw(0, 4));
  }

  @Test
  void theConfigurationWindowMayBeOpenAtOnce() {
    Mustang board = board("config-enable", "false");
    board.gate(true);
    assertEquals(0xE004_10E8L, new Linux(board).raw(0, 4));
  }

  // ---- crs-invents-devices

  private static Linux withCrsVisible(Mustang board) {
    Linux linux = new Linux(board).bringUp().enumerate();
    assertEquals(0x1_0000, linux.config(0, 0, 0x5C), "it says that it can");
    linux.config(0, 0, 0x5C, 1 << 4);
    return linux;
  }

  @Test
  void withCrsVisibleAnAbsentDeviceSeemsBusy() {
    Linux linux = withCrsVisible(board());
    assertEquals(0xFFFF_0001L, linux.config(1, 3, 0));
    assertEquals(ALL_ONES, linux.config(1, 3, 8), "only the ids");
    assertEquals(CARD_IDS, linux.config(1, 0, 0));
    linux.config(0, 0, 0x5C, 0);
    assertEquals(ALL_ONES, linux.config(1, 3, 0));
  }

  @Test
  void crsMayWork() {
    assertEquals(ALL_ONES, withCrsVisible(board("crs-invents-devices", "false")).config(1, 3, 0));
  }

  // ---- root-bars

  /** An enumeration that takes the root port's BARs for resources: sizes them and puts them behind the bridge's window. */
  private static Linux naive(Mustang board) {
    Linux linux = new Linux(board).bringUp();
    linux.inbound1(0, 0x80_0000_0000L);
    linux.csr(0xBC, 0);
    linux.enumerate();
    board.endpoint.dma().write(BUFFER, 4, 1);
    linux.config(0, 0, 0x10, ALL_ONES);
    linux.config(0, 0, 0x14, ALL_ONES);
    if (linux.config(0, 0, 0x10) != 0) {
      linux.config(0, 0, 0x10, 0);
      linux.config(0, 0, 0x14, 0xF0);
    }
    return linux;
  }

  @Test
  void whoAssignsTheRootPortsBarsCutsDevicesOff() {
    Mustang board = board();
    Linux linux = naive(board);
    assertEquals(0xC, linux.config(0, 0, 0x10), "64 bits, prefetchable");
    assertEquals(0x80, linux.config(0, 0, 0x14), "512 GiB: of 0xF0 bit 39 is left");
    assertThrows(ExternalAbort.class, () -> board.endpoint.dma().write(BUFFER, 4, 2));
    assertEquals(1, board.events("inbound-refused"));
  }

  @Test
  void theRootPortMayHaveNoBars() {
    Mustang board = board("root-bars", "false");
    Linux linux = naive(board);
    assertEquals(0, linux.config(0, 0, 0x10));
    board.endpoint.dma().write(BUFFER, 4, 2);
    assertEquals(2, board.port.dma().read(BUFFER, 4));
  }

  // ---- outbound-map

  @Test
  void withoutOutboundWindowsNothingIsReached() {
    Mustang board = board();
    new Linux(board).bringUp().clear().openConfig().enumerate();
    board.port.writeAt(Mustang.MEMORY, 4, 5);
    assertEquals(ALL_ONES, board.port.readAt(Mustang.MEMORY, 4));
    assertEquals(2, board.events("outbound-refused"));
  }

  @Test
  void theRangesOfTheNodeMayDo() {
    Mustang board = board("outbound-map", "false");
    new Linux(board).bringUp().clear().openConfig().enumerate();
    board.port.writeAt(Mustang.MEMORY, 4, 5);
    assertEquals(5, board.port.readAt(Mustang.MEMORY, 4));
    board.port.writeAt(Mustang.IO + 0x40, 4, 6);
    assertEquals(6, board.port.readAt(Mustang.IO + 0x40, 4));
  }

  // ---- outbound-minimum

  private static Mustang withWindowOf64MiB(String... options) {
    Mustang board = board(options);
    Linux linux = new Linux(board).bringUp().enumerate();
    linux.outbound(0x100, Mustang.MEMORY + 0x400_0000, 0x400_0000, 0, 0x8000_0000L);
    return board;
  }

  @Test
  void aSmallOutboundWindowLeadsToAnotherAddress() {
    Mustang board = withWindowOf64MiB();
    assertEquals(ALL_ONES, board.port.readAt(Mustang.MEMORY + 0x400_0000, 4), "64 MiB behind the card");
    assertEquals(0, board.port.readAt(Mustang.MEMORY, 4), "the window is wider than it says");
    assertEquals(0, board.events("outbound-refused"));
  }

  @Test
  void windowsOfIoMayBeSmallerThanThoseOfMemory() {
    Mustang board = board();
    Linux linux = new Linux(board).bringUp().enumerate();
    linux.outbound(0x130, Mustang.IO, 0x80, 2, 0);
    board.port.writeAt(Mustang.IO + 0x40, 4, 6);
    assertEquals(6, board.port.readAt(Mustang.IO + 0x40, 4));
    assertEquals(0, board.events("outbound-refused"));
    assertEquals(ALL_ONES, board.port.readAt(Mustang.IO + 0x80, 4));
    linux.outbound(0x130, Mustang.IO + 0x40, 0x40, 2, 0x40);
    assertEquals(ALL_ONES, board.port.readAt(Mustang.IO, 4), "widened to 128 bytes, so nothing is there, but it passes");
    assertEquals(1, board.events("outbound-refused"));
  }

  @Test
  void outboundWindowsMayBeSmall() {
    Mustang board = withWindowOf64MiB("outbound-minimum", "false");
    assertEquals(0, board.port.readAt(Mustang.MEMORY + 0x400_0000, 4));
    assertEquals(ALL_ONES, board.port.readAt(Mustang.MEMORY, 4));
    assertEquals(1, board.events("outbound-refused"));
  }

  // ---- inbound-map

  @Test
  void withoutInboundRegionsDevicesReachNothing() {
    Mustang board = board();
    new Linux(board).bringUp().clear().openConfig().enumerate();
    assertThrows(ExternalAbort.class, () -> board.endpoint.dma().write(BUFFER, 4, 1));
    assertThrows(ExternalAbort.class, () -> board.endpoint.dma().read(BUFFER, new byte[8], 0, 8));
    assertEquals(2, board.events("inbound-refused"));
  }

  @Test
  void devicesMayReachMemoryAsItIs() {
    Mustang board = board("inbound-map", "false");
    new Linux(board).bringUp().clear().openConfig().enumerate();
    board.endpoint.dma().write(BUFFER, 4, 1);
    assertEquals(1, board.port.dma().read(BUFFER, 4));
  }
}
