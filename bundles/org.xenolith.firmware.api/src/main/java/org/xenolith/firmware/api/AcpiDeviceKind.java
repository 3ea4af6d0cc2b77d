// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.api;

import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.acpi.codec.aml.AmlTerm;
import org.xenolith.platform.api.PlatformNode;

/**
 * How nodes of a kind are described in the namespace of ACPI: a service of the bundle that models such devices, found by its property
 * {@link #COMPATIBLE}. It keeps nothing from one machine to the next.
 */
@ConsumerType
public interface AcpiDeviceKind {
  /** Service property: values of a node's {@code compatible}, as those of the model. */
  String COMPATIBLE = "xenolith.compatible";

  /** What the names of such devices begin with: one to three capital letters. A number in hexadecimal digits fills them up to four. */
  String prefix();

  /**
   * Why a node has no device in ACPI; empty: it has one.
   *
   * @param machine knows no devices yet
   */
  default Optional<Untold> without(AcpiMachine machine, PlatformNode node) {
    return Optional.empty();
  }

  /** The objects in the device: {@code _HID}, {@code _UID}, {@code _CRS} and what else it needs. */
  List<? extends AmlTerm> objects(AcpiMachine machine, AcpiDevice device);

  /** What tables need to use it as a console; empty: it is no serial port. */
  default Optional<AcpiSerialPort> serialPort(AcpiMachine machine, AcpiDevice device) {
    return Optional.empty();
  }
}
