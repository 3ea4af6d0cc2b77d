// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.cmos.rtc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.TableIdentity;
import org.xenolith.acpi.codec.aml.Aml;
import org.xenolith.acpi.codec.aml.AmlTerm;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtBuilder;
import org.xenolith.firmware.api.AcpiDevice;
import org.xenolith.firmware.api.AcpiMachine;
import org.xenolith.firmware.api.AcpiTableBuilder;
import org.xenolith.firmware.kit.AcpiParts;
import org.xenolith.firmware.kit.AcpiSetting;
import org.xenolith.firmware.kit.AcpiTables;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.FakeNode;

class CmosRtcAcpiTest {
  @Test
  void isTheClockOfTheAt() {
    List<AmlTerm> objects = new ArrayList<>();
    AcpiTableBuilder builder = new AcpiTableBuilder() {
      @Override
      public String signature() {
        return "DSDT";
      }

      @Override
      public Optional<AcpiTable> build(AcpiMachine machine) {
        for (AcpiDevice device : machine.devices()) {
          machine.told(device.node());
          objects.addAll(device.kind().objects(machine, device));
        }
        return Optional.empty();
      }
    };
    List<PlatformNode> nodes = List.of(FakeNode.at("/isa/rtc@1,70").compatible("motorola,mc146818").window(0x70, 2).build());
    AcpiTables.of(new Platform("sample", Fdt.of(FdtBuilder.root().build()), nodes, Platform.Timing.STANDARD), new AcpiParts(
        List.of(builder), Map.of("motorola,mc146818", new CmosRtcAcpi()), Map.of()), AcpiSetting.of(new TableIdentity("A", "B", 1, "C",
            1)));
    assertEquals(Aml.name("_HID", Aml.eisaId("PNP0B00")), objects.getFirst());
  }
}
