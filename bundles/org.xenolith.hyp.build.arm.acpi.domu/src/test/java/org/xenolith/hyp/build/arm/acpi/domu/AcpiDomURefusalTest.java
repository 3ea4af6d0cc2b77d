// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.acpi.domu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.DomainBuilder;
import org.xenolith.hyp.api.DomainBuildersPort;
import org.xenolith.hyp.api.DomainImage;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.DomainSpec.Kind;
import org.xenolith.testkit.hyp.FakeHypervisor;

class AcpiDomURefusalTest {
  private final FakeHypervisor hypervisor = new FakeHypervisor();

  private Optional<String> refusal(Kind kind, Map<String, String> options) {
    hypervisor.install("build.arm.acpi.domu", new AcpiDomUComponent());
    DomainBuilder builder = hypervisor.port(DomainBuildersPort.class).all().getFirst();
    assertEquals("arm.acpi.domu", builder.name());
    byte[] kernel = new byte[4096];
    ByteBuffer.wrap(kernel).order(ByteOrder.LITTLE_ENDIAN).putLong(16, 4096).putInt(56, 0x644d5241);
    return builder.refusal(new DomainSpec("d", new UUID(1, 2), 1, 1000, kind, 31, 256, 0), new DomainImage(kernel, new byte[0], "",
        24L << 20, options));
  }

  @Test
  void itTakesGuestsThatAskForAcpi() {
    assertEquals(Optional.empty(), refusal(Kind.DOMU, Map.of("acpi", "1")));
    assertEquals("it describes guests by ACPI: ask for that with acpi = 1", refusal(Kind.DOMU, Map.of()).orElseThrow());
    assertEquals("it builds guests only", refusal(Kind.DOM0, Map.of("acpi", "1")).orElseThrow());
  }

  @Test
  void containersAreOfOtherGuests() {
    assertEquals("its file says container = \"minimal\", and guests on Arm have no containers: leave the line out", refusal(Kind.DOMU, Map
        .of(
            "acpi", "1", "container", "minimal")).orElseThrow());
  }

  @Test
  void whatItsTablesLackIsRefused() {
    assertEquals("its tables have no PCI host bridge: leave out pci, or acpi", refusal(Kind.DOMU, Map.of("acpi", "1", "pci", "1"))
        .orElseThrow());
    assertEquals("its tables have no serial port: leave out vuart, or acpi", refusal(Kind.DOMU, Map.of("acpi", "1", "vuart", "sbsa_uart"))
        .orElseThrow());
  }
}
