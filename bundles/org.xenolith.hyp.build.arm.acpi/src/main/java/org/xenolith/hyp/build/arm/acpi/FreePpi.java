// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.acpi;

import java.util.List;
import org.xenolith.acpi.codec.AcpiException;
import org.xenolith.acpi.codec.Gtdt;
import org.xenolith.acpi.codec.Structure;
import org.xenolith.acpi.codec.TableField;
import org.xenolith.hyp.api.DomainSpec;

/** The private interrupt by which the domain hears of events: one that no timer has. */
final class FreePpi {
  private static final int FIRST = 16;
  private static final int END = 32;
  private static final List<TableField> TIMERS = List.of(Gtdt.Field.SECURE_EL1_GSIV, Gtdt.Field.NON_SECURE_EL1_GSIV,
      Gtdt.Field.VIRTUAL_EL1_GSIV, Gtdt.Field.EL2_GSIV, Gtdt.Field.VIRTUAL_EL2_GSIV);

  private FreePpi() {}

  /**
   * The same domain with the event interrupt that it has, or with the first that is free.
   *
   * @throws AcpiException if timers have all
   */
  static DomainSpec in(HostTables host, DomainSpec spec) {
    Structure gtdt = host.demand("GTDT").table().structure();
    List<Long> taken = TIMERS.stream().map(field -> gtdt.get(field, 0)).toList();
    if (!taken.contains((long) spec.eventInterrupt())) {
      return spec;
    }
    for (int intid = FIRST; intid < END; intid++) {
      if (!taken.contains((long) intid)) {
        return new DomainSpec(spec.name(), spec.handle(), spec.vcpus(), spec.maxPages(), spec.kind(), intid, spec.weight(), spec.cap());
      }
    }
    throw new AcpiException("GTDT", 0, "its timers have all private interrupts", "boot the domain by device tree");
  }
}
