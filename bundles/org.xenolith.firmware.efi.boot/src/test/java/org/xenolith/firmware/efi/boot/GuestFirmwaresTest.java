// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.RuntimeMemory;
import org.xenolith.efi.boot.api.BootGuest;
import org.xenolith.efi.boot.api.FirmwareFacts;
import org.xenolith.efi.boot.api.FirmwareInventoryPort;
import org.xenolith.efi.boot.api.GuestBootPort;
import org.xenolith.efi.boot.api.InspectionPort;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.fdt.FdtWriter;
import org.xenolith.regs.StateRecord;

/** Each domain has firmware of its own, whose state is the machine's. */
class GuestFirmwaresTest {
  private static final long RAM = 0x4000_0000L;
  private static final long TREE = RAM + 0x2_0000;

  private final Stand stand = new Stand();
  private final GuestBootPort port = stand.context.port(GuestBootPort.class);

  /** A domain with 4 MiB. */
  private static final class Guest implements BootGuest {
    private final int number;
    private final byte[] ram = new byte[4 << 20];
    private final List<String> heard = new ArrayList<>();

    Guest(int number) {
      this.number = number;
      FdtNode memory = new FdtNode("memory@40000000", List.of(), List.of()).withProperty(FdtProperty.ofStrings("device_type", "memory"))
          .withProperty(FdtProperty.ofU64("reg", RAM, ram.length));
      byte[] tree = FdtWriter.write(Fdt.of(new FdtNode("", List.of(), List.of()).withProperty(FdtProperty.ofCells("#address-cells", 2))
          .withProperty(FdtProperty.ofCells("#size-cells", 2)).withChild(memory)));
      System.arraycopy(tree, 0, ram, (int) (TREE - RAM), tree.length);
    }

    @Override
    public int number() {
      return number;
    }

    @Override
    public String name() {
      return "d" + number;
    }

    private boolean isRam(long address, int length) {
      return address >= RAM && address + length <= RAM + ram.length;
    }

    @Override
    public boolean read(long address, byte[] to, int offset, int length) {
      if (isRam(address, length)) {
        System.arraycopy(ram, (int) (address - RAM), to, offset, length);
      }
      return isRam(address, length);
    }

    @Override
    public boolean write(long address, byte[] from, int offset, int length) {
      if (isRam(address, length)) {
        System.arraycopy(from, offset, ram, (int) (address - RAM), length);
      }
      return isRam(address, length);
    }

    @Override
    public void placed(RuntimeMemory memory) {
      heard.add("placed");
    }

    @Override
    public void report(String kind, String text) {
      heard.add(kind + ' ' + text);
    }
  }

  private long[] call(Guest guest, long... registers) {
    long[] all = java.util.Arrays.copyOf(registers, 8);
    port.call(guest, all);
    return all;
  }

  private long enter(Guest guest, long tree) {
    return call(guest, FirmwareProgram.ENTER, RAM, tree, 1000, 4, 62_500_000)[0];
  }

  @Test
  void domainsEnterLeaveAndAreSavedEachForItself() {
    Guest one = new Guest(1);
    Guest two = new Guest(2);
    assertEquals(-1, call(one, FirmwareProgram.SERVICE, RAM, 0, 1000)[0], "nobody has entered");
    assertEquals(0, enter(one, TREE));
    assertEquals(0, enter(two, TREE));
    assertEquals(List.of("placed"), one.heard);
    assertTrue(port.hasBootServices(1) && port.hasBootServices(2) && !port.hasBootServices(3));
    assertEquals(List.of("d1:", "01: LoadedImage", "02: SimpleTextInput SimpleTextOutput", "d2:", "01: LoadedImage",
        "02: SimpleTextInput SimpleTextOutput"), stand.context.port(InspectionPort.class).answer("dh"));
    assertEquals(List.of("d1", "d2"), stand.context.port(FirmwareInventoryPort.class).firmwares().stream().map(FirmwareFacts::name)
        .toList());
    StateRecord saved = stand.model.state().save();
    Stand other = new Stand();
    other.model.state().restore(saved);
    GuestBootPort theirs = other.context.port(GuestBootPort.class);
    assertTrue(theirs.hasBootServices(1) && theirs.hasBootServices(2));
    assertArrayEquals(new Object[] {saved}, new Object[] {other.model.state().save()});
    port.gone(1);
    assertFalse(port.hasBootServices(1));
    assertTrue(port.hasBootServices(2));
    stand.model.reset();
    assertFalse(port.hasBootServices(2));
  }

  @Test
  void aDomainWithoutATreeIsToldWhy() {
    Guest guest = new Guest(1);
    assertEquals(-1, enter(guest, RAM + 0x10_0000));
    assertTrue(guest.heard.getFirst().startsWith("efi-entry"), guest.heard::toString);
    assertEquals(-1, enter(guest, 0x10));
    assertTrue(guest.heard.getLast().contains("there is no memory"), guest.heard::toString);
    assertEquals(0, enter(guest, TREE));
    long[] answer = call(guest, FirmwareProgram.SERVICE, 0x10, 3, 2000);
    assertEquals(FirmwareProgram.STAND, answer[0], "a stack that isn't memory");
    assertTrue(guest.heard.getLast().startsWith("efi-stack"), guest.heard::toString);
  }
}
