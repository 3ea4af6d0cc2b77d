// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec.aml;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.acpi.codec.AcpiException;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.TableHeader;
import org.xenolith.acpi.codec.TableIdentity;

/**
 * Changes what the {@code _STA} of a device says (ACPI 6.5, 6.3.7), whether a table has one, as a name or as a method, or none. So a
 * device can be hidden from any operating system.
 */
public final class AmlStatus {
  private final AmlName device;
  private final AmlTerm.Operation status;
  private boolean done;

  private AmlStatus(AmlName device, long status) {
    this.device = device;
    this.status = Aml.name("_STA", Aml.number(status));
  }

  /**
   * The same table, in which a device has another status.
   *
   * @param device its path from the root
   * @param status 0: the device isn't there; 0xf: present, enabled, shown, working
   * @throws AcpiException if the table doesn't parse or has no such device
   */
  public static AcpiTable set(AcpiTable table, AmlName device, long status) {
    AmlStatus change = new AmlStatus(device, status);
    List<AmlTerm> terms = change.changed(AmlReader.read(table), AmlName.of("\\"));
    if (!change.done) {
      throw new AcpiException(table.signature(), 0, "it has no device " + device, "see the devices with \"acpi dump\"");
    }
    int revision = (int) table.structure().get(TableHeader.REVISION);
    return Aml.table(table.structure().layout(), revision, TableIdentity.of(table.structure()), terms);
  }

  private List<AmlTerm> changed(List<AmlTerm> terms, AmlName scope) {
    List<AmlTerm> all = new ArrayList<>();
    for (AmlTerm term : terms) {
      all.add(term instanceof AmlTerm.Operation operation && operation.opcode().isScope() ? changed(operation, scope) : term);
    }
    return all;
  }

  private AmlTerm changed(AmlTerm.Operation operation, AmlName scope) {
    AmlName here = operation.name().in(scope);
    if (operation.opcode() == AmlOpcode.DEVICE && here.equals(device)) {
      done = true;
      List<AmlTerm> body = new ArrayList<>(operation.body());
      body.removeIf(AmlStatus::isStatus);
      body.add(status);
      return operation.withBody(body);
    }
    List<AmlTerm> body = changed(operation.body(), here);
    return body.equals(operation.body()) ? operation : operation.withBody(body);
  }

  private static boolean isStatus(AmlTerm term) {
    return term instanceof AmlTerm.Operation operation
        && (operation.opcode() == AmlOpcode.NAME || operation.opcode() == AmlOpcode.METHOD)
        && operation.name().last().equals("_STA");
  }
}
