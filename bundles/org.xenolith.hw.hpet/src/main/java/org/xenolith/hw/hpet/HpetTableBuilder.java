// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.hpet;

import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.GenericAddress;
import org.xenolith.acpi.codec.HpetTable;
import org.xenolith.firmware.api.AcpiMachine;
import org.xenolith.firmware.api.AcpiTableBuilder;
import org.xenolith.platform.api.PlatformNode;

/** HPET's description table: operating systems need the counter before they understand the namespace. */
@Component(service = AcpiTableBuilder.class)
public final class HpetTableBuilder implements AcpiTableBuilder {
  private static final String COMPATIBLE = "intel,ce4100-hpet";
  private static final int REVISION = 1;
  private static final int BITS = 64;
  /** Ticks between two events of a periodic comparator that software keeps up with: a tenth of a millisecond. */
  private static final int MINIMUM_TICK = 10_000;

  @Override
  public String signature() {
    return HpetTable.LAYOUT.name();
  }

  @Override
  public Optional<AcpiTable> build(AcpiMachine machine) {
    for (PlatformNode node : machine.platform().nodes()) {
      if (node.enabled() && node.isCompatible(COMPATIBLE) && !node.windows().isEmpty()) {
        return Optional.of(AcpiTable.of(AcpiTable.header(HpetTable.LAYOUT, REVISION, machine.identity()).set(
            HpetTable.Field.EVENT_TIMER_BLOCK_ID, HpetRegister.GCAP_ID.spec().reset() & 0xFFFF_FFFFL).set(HpetTable.Field.BASE_ADDRESS,
                new GenericAddress(GenericAddress.MEMORY, BITS, 0, 0, node.windows().getFirst().base())).set(HpetTable.Field.MINIMUM_TICK,
                    MINIMUM_TICK)));
      }
    }
    return Optional.empty();
  }
}
