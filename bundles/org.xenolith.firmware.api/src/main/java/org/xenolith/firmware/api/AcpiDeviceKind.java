// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.api;

import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.acpi.codec.aml.AmlTerm;
import org.xenolith.fdt.FdtNode;
import org.xenolith.platform.api.PlatformNode;

/**
 * How nodes of a kind are described in the namespace of ACPI, and which nodes such descriptions are: a service of the bundle that models
 * such devices, found by its property {@link #COMPATIBLE}. It keeps nothing from one machine to the next.
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

  /** The hardware ids ({@code _HID} or {@code _CID}) of the devices that this kind makes nodes of; none: it makes none. */
  default List<String> hardwareIds() {
    return List.of();
  }

  /** The interface types of SPCR of which this kind makes nodes; none: it makes none. */
  default List<Integer> serialTypes() {
    return List.of();
  }

  /**
   * The node that a device is in a topology: its name without unit address, {@code compatible}, and what its windows, interrupts and
   * coherence don't say.
   *
   * @param device with one of {@link #hardwareIds}, or a UART of one of {@link #serialTypes} that only SPCR has
   * @return empty: there is none; the reason went to {@link FoundMachine#untold}
   */
  default Optional<FdtNode> node(FoundMachine machine, FoundDevice device) {
    return Optional.empty();
  }
}
