// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.efi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.xenolith.hyp.efi.EfiStand.NODE;
import static org.xenolith.hyp.efi.EfiStand.NOWHERE;
import static org.xenolith.xen.abi.XenErrno.XEN_EFAULT;
import static org.xenolith.xen.abi.XenErrno.XEN_EINVAL;
import static org.xenolith.xen.abi.XenErrno.XEN_ENODATA;
import static org.xenolith.xen.abi.XenErrno.XEN_ENOSYS;
import static org.xenolith.xen.abi.XenErrno.XEN_EOPNOTSUPP;
import static org.xenolith.xen.abi.XenErrno.XEN_ESRCH;

import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.FirmwareDescription;
import org.xenolith.efi.api.FirmwareMemory;

/** What the firmware tells of itself, index by index. */
class FirmwareInformationTest {
  private static final int VERSION = 0;
  private static final int CONFIG_TABLE = 1;
  private static final int VENDOR = 2;
  private static final int MEM_INFO = 3;
  private static final int RT_VERSION = 4;
  private static final FirmwareDescription OURS = new FirmwareDescription(2 << 16 | 100, 2 << 16 | 70, "Xen\u00f6", 0x1_0002,
      0x8_4800_0000L, 3, List.of(new FirmwareMemory(7, 0x4000_0000L, 16, 8), new FirmwareMemory(6, 0x4001_0000L, 2, 1L << 63 | 8),
          new FirmwareMemory(11, 0xFFFF_FFFF_FFFF_E000L, 2, 1)));
  private EfiStand stand = new EfiStand();

  FirmwareInformationTest() {
    stand.describe(OURS);
  }

  private String memory(long address, long size) {
    stand.index(MEM_INFO);
    stand.info.memAddr(address);
    stand.info.memSize(size);
    long result = stand.ask();
    return result != 0 ? Long.toString(result) : "%x+%x type %d attributes %x".formatted(stand.info.memAddr(), stand.info.memSize(),
        stand.info.memType(), stand.info.memAttr());
  }

  @Test
  void versionsAndTablesAreTheFirmwares() {
    assertEquals(0, stand.index(VERSION).ask());
    assertEquals(0x2_0064, stand.info.version());
    assertEquals(0, stand.index(RT_VERSION).ask());
    assertEquals(0x2_0046, stand.info.version());
    assertEquals(0, stand.index(CONFIG_TABLE).ask());
    assertEquals("848000000 3", Long.toHexString(stand.info.cfgAddr()) + " " + stand.info.cfgNent());
    assertEquals("4 1", stand.info.type() + " " + stand.info.index());
  }

  @Test
  void theVendorIsAsMuchOfItsNameAsThereIsRoomFor() {
    String all = "580065006e00f6000000";
    for (int room : new int[] {10, 11, 64, -1}) {
      stand.bytes(stand.dom0.page(1), new byte[16]);
      stand.index(VENDOR);
      stand.info.vendorBufsz(room);
      stand.info.vendorName(stand.dom0.page(1));
      assertEquals(0, stand.ask(), "room " + room);
      assertEquals(0x1_0002, stand.info.vendorRevision());
      assertEquals(room, stand.info.vendorBufsz());
      assertEquals(all, HexFormat.of().formatHex(stand.read(stand.dom0.page(1), 10)));
    }
    for (int room = 0; room < 10; room++) {
      stand.bytes(stand.dom0.page(1), HexFormat.of().parseHex("ff".repeat(16)));
      stand.index(VENDOR);
      stand.info.vendorBufsz(room);
      stand.info.vendorName(room < 2 ? NOWHERE : stand.dom0.page(1));
      assertEquals(0, stand.ask(), "room " + room);
      int whole = room / 2 * 4;
      assertEquals(all.substring(0, whole) + "ff".repeat(16).substring(whole), HexFormat.of().formatHex(stand.read(stand.dom0.page(1),
          16)));
    }
    stand.index(VENDOR);
    stand.info.vendorBufsz(2);
    stand.info.vendorName(NOWHERE);
    assertEquals(-XEN_EFAULT, stand.ask());
  }

  @Test
  void memoryIsToldByRanges() {
    assertEquals("40000000+10000 type 7 attributes 8", memory(0x4000_0000L, 0x10000));
    assertEquals("40000001+ffff type 7 attributes 8", memory(0x4000_0001L, 0x10000));
    assertEquals("4000ffff+1 type 7 attributes 8", memory(0x4000_FFFFL, -1));
    assertEquals("40010000+0 type 6 attributes 8000000000000008", memory(0x4001_0000L, 0));
    assertEquals("fffffffffffff000+1000 type 11 attributes 1", memory(-0x1000, Long.MAX_VALUE));
    for (long nowhere : new long[] {0, 0x3FFF_FFFFL, 0x4001_2000L, Long.MAX_VALUE}) {
      assertEquals("" + -XEN_ESRCH, memory(nowhere, 1));
    }
  }

  @Test
  void whatThereIsNoneOf() {
    assertEquals(-XEN_ESRCH, stand.index(5).ask());
    assertEquals(-XEN_ENODATA, stand.index(6).ask());
    for (int index : new int[] {7, 64, -1, Integer.MIN_VALUE}) {
      assertEquals(-XEN_EINVAL, stand.index(index).ask(), "index " + index);
    }
    for (int type : new int[] {0, 1, 2, 3, 5, 6, -1}) {
      stand.index(VERSION);
      stand.info.type(type);
      assertEquals(-XEN_EINVAL, stand.ask(), "type " + type);
    }
  }

  @Test
  void withoutRuntimeServicesTheRestIsTold() {
    stand = new EfiStand(NODE, "efi-runtime-services", "false");
    stand.describe(OURS);
    assertEquals(-XEN_EOPNOTSUPP, stand.index(RT_VERSION).ask());
    assertEquals(0, stand.index(VERSION).ask());
    stand = new EfiStand();
    stand.describe(new FirmwareDescription(2 << 16, 0, "", 0, 0, 0, List.of()));
    assertEquals(-XEN_EOPNOTSUPP, stand.index(RT_VERSION).ask());
    assertEquals(-XEN_ESRCH, stand.index(MEM_INFO).ask());
  }

  @Test
  void whoIsNotDescribedIsNotEfi() {
    EfiStand strict = new EfiStand(NODE, "strict-xen", "true");
    strict.describe(OURS);
    for (EfiStand without : List.of(new EfiStand(null), new EfiStand(), strict)) {
      for (int index = 0; index < 8; index++) {
        assertEquals(-XEN_ENOSYS, without.index(index).ask(), "index " + index);
      }
    }
  }
}
