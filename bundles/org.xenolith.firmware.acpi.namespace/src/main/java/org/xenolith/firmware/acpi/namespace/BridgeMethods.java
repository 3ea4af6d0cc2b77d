// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.namespace;

import static org.xenolith.acpi.codec.aml.Aml.number;
import static org.xenolith.acpi.codec.aml.Aml.operation;
import static org.xenolith.acpi.codec.aml.Aml.reference;

import java.util.List;
import org.xenolith.acpi.codec.aml.Aml;
import org.xenolith.acpi.codec.aml.AmlOpcode;
import org.xenolith.acpi.codec.aml.AmlTerm;
import org.xenolith.acpi.codec.aml.AmlWriter;

/** What operating systems call of a PCI host bridge (PCI Firmware Specification 3.3, 4.5 and 4.6). */
final class BridgeMethods {
  private static final String CAPABILITIES = "33db4d5b-1ff7-401c-9657-7441c03dd766";
  private static final String SETTINGS = "e5c937d0-3553-4d7a-9117-ea4d19c3434d";
  /** Control bits that are granted: hot-plug (native and SHPC), PME, AER, the capability itself, LTR. This firmware uses none of them. */
  private static final int GRANTED = 0x3f;
  private static final int UNKNOWN_UUID = 1 << 2;
  private static final int UNKNOWN_REVISION = 1 << 3;
  private static final int MASKED = 1 << 4;
  private static final int KEEP_CONFIGURATION = 5;
  /** Flag of a method: one call at a time, for those that make objects. */
  private static final int SERIALIZED = 8;

  private BridgeMethods() {}

  /** {@code _OSC}: who controls which feature. */
  static AmlTerm capabilities() {
    AmlTerm buffer = operation(AmlOpcode.ARG_3);
    AmlTerm status = reference("CDW1");
    AmlTerm control = reference("CDW3");
    AmlTerm local = operation(AmlOpcode.LOCAL_0);
    return method("_OSC", 4, List.of(
        operation(AmlOpcode.CREATE_DWORD_FIELD, buffer, number(0), status),
        Aml.when(operation(AmlOpcode.LOGICAL_EQUAL, operation(AmlOpcode.ARG_0), Aml.uuid(CAPABILITIES)), List.of(
            operation(AmlOpcode.CREATE_DWORD_FIELD, buffer, number(8), control),
            operation(AmlOpcode.AND, control, number(GRANTED), local),
            unless(operation(AmlOpcode.LOGICAL_EQUAL, operation(AmlOpcode.ARG_1), number(1)), set(status, UNKNOWN_REVISION)),
            unless(operation(AmlOpcode.LOGICAL_EQUAL, control, local), set(status, MASKED)),
            operation(AmlOpcode.STORE, local, control),
            Aml.giveBack(buffer))),
        set(status, UNKNOWN_UUID),
        Aml.giveBack(buffer)));
  }

  /** {@code _DSM} with function 5: whether an operating system must keep what firmware put into BARs and bridges (0) or needn't (1). */
  static AmlTerm settings(boolean keep) {
    AmlTerm function = operation(AmlOpcode.ARG_2);
    return method("_DSM", 4, List.of(
        Aml.when(operation(AmlOpcode.LOGICAL_EQUAL, operation(AmlOpcode.ARG_0), Aml.uuid(SETTINGS)), List.of(
            Aml.when(operation(AmlOpcode.LOGICAL_EQUAL, function, number(0)),
                List.of(Aml.giveBack(Aml.buffer(new byte[] {1 | 1 << KEEP_CONFIGURATION})))),
            Aml.when(operation(AmlOpcode.LOGICAL_EQUAL, function, number(KEEP_CONFIGURATION)),
                List.of(Aml.giveBack(number(keep ? 0 : 1)))))),
        Aml.giveBack(Aml.buffer(new byte[] {0}))));
  }

  static AmlTerm method(String name, int arguments, List<? extends AmlTerm> terms) {
    return operation(AmlOpcode.METHOD, reference(name), new AmlTerm.Number(arguments | SERIALIZED, 1))
        .withBody(List.of(new AmlTerm.Bytes(AmlWriter.write(terms))));
  }

  private static AmlTerm unless(AmlTerm condition, AmlTerm then) {
    return Aml.when(operation(AmlOpcode.LOGICAL_NOT, condition), List.of(then));
  }

  private static AmlTerm set(AmlTerm target, int bits) {
    return operation(AmlOpcode.OR, target, number(bits), target);
  }
}
