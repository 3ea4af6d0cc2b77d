// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.devicepath;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.boot.kit.DevicePathText;
import org.xenolith.testkit.efi.DevicePathTextContract;
import org.xenolith.testkit.efi.OfferedProtocols;

/** The layer's texts keep the contract. */
class PathTextsTest extends DevicePathTextContract {
  /** Names of the table of UEFI 2.10, 10.6.1.6, each in the form that is written. */
  @Test
  void nodesAreWrittenByTheirNames() {
    for (String text : List.of("AcpiEx(PNP0A03,PNP0A08,0x5,,,)", "AcpiEx(0x1234ABCD,0x00000000,0x7,HID,CID,UID)",
        "AcpiExp(PNP0A03,0x00000000,UID)", "AcpiAdr(0x80010100,0x2)", "Ata(Secondary,Slave,0x2)", "I1394(0123456789ABCDEF)",
        "UsbClass(0x1234,0xFFFF,0xFF,0x1,0x2)", "UsbWwid(0x1234,0x5678,0x1,\"A1\")", "UsbWwid(0x1,0x2,0x3,\"\")",
        "SAS(0x31000004CF13F6BD,0x0,0x2,SATA,External,Expanded,0x3,0x1)", "SAS(0x1,0x2,0x3,SAS,Internal,Direct,0,0x0)",
        "SAS(0x1,0x2,0x3,SAS,Internal,Direct,0x100,0x0)", "SAS(0x1,0x2,0x3,NoTopology,0,0,0,0x0)", "SAS(0x1,0x2,0x3,0x83,0,0,0,0x0)",
        "IPv4(192.168.0.1,TCP,Static,192.168.0.2,192.168.0.254,255.255.255.0)", "IPv4(10.0.0.1,0x1,DHCP,0.0.0.0,0.0.0.0,0.0.0.0)",
        "IPv6(fe80:0:0:0:0:0:0:1,UDP,StatefulAutoConfigure,0:0:0:0:0:0:0:0,fe80:0:0:0:0:0:0:2,0x40)", "Vlan(0x5)")) {
      byte[] path = DevicePathText.parse(text);
      assertEquals(text, DevicePathText.of(path));
      assertEquals(text, DevicePathText.exact(path));
    }
  }

  /** What the forms have no place for. */
  @Test
  void nodesThatTheirNamesWouldCutAreWrittenAsBytes() {
    byte[] connection = DevicePathText.parse("IPv4(10.0.0.1)");
    connection[4 + 8] = 80;
    assertTrue(DevicePathText.of(connection).startsWith("IPv4(10.0.0.1,"));
    assertTrue(DevicePathText.exact(connection).startsWith("Path(3,12,"), "a port");
    assertArrayEquals(connection, DevicePathText.parse(DevicePathText.exact(connection)));
  }

  @Override
  protected OfferedProtocols texts() {
    return OfferedProtocols.of(new PathLayer());
  }
}
