// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.kit;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.acpi.codec.Resource;
import org.xenolith.acpi.codec.ResourceTemplate;
import org.xenolith.acpi.codec.StructureBuilder;
import org.xenolith.acpi.codec.aml.Aml;
import org.xenolith.acpi.codec.aml.AmlTerm;
import org.xenolith.firmware.api.AcpiDevice;
import org.xenolith.firmware.api.AcpiInterrupt;
import org.xenolith.firmware.api.AcpiMachine;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.PlatformNode;

/** The objects that most devices have. */
public final class DeviceObjects {
  private static final long LIMIT_32 = 1L << 32;
  private static final int CONSUMER = 1;
  /** An ACPI id has eight. */
  private static final int EISA_CHARACTERS = 7;

  private DeviceObjects() {}

  /** {@code _HID}, which is a compressed EISA id where it has the form of one, {@code _UID}, and {@code _CRS} with all windows and interrupts of the node. */
  public static List<AmlTerm> platform(AcpiMachine machine, AcpiDevice device, String hid) {
    return new ArrayList<>(List.of(Aml.name("_HID", hid.length() == EISA_CHARACTERS ? Aml.eisaId(hid) : Aml.text(hid)), Aml.name("_UID", Aml
        .number(device.uid())),
        resources(resources(machine, device.node()))));
  }

  /** {@code _CCA}: whether what the device reads and writes is coherent with caches; for every device that is a bus master. */
  public static AmlTerm coherent(PlatformNode node) {
    return Aml.name("_CCA", Aml.number(node.has("dma-coherent") ? 1 : 0));
  }

  /** Descriptors of all windows and interrupts of a node. */
  public static List<StructureBuilder> resources(AcpiMachine machine, PlatformNode node) {
    List<StructureBuilder> all = new ArrayList<>();
    node.windows().forEach(window -> all.add(window.ports() ? ports(window) : memory(window)));
    machine.interrupts(node).forEach(interrupt -> all.add(interrupt(interrupt)));
    return all;
  }

  /** {@code _CRS} of descriptors. */
  public static AmlTerm resources(List<StructureBuilder> descriptors) {
    return Aml.name("_CRS", template(descriptors));
  }

  /** Descriptors as the value of an object. */
  public static AmlTerm template(List<StructureBuilder> descriptors) {
    return Aml.buffer(ResourceTemplate.write(descriptors.stream()));
  }

  /** Memory of a device, wherever it is. */
  public static StructureBuilder memory(AddressWindow window) {
    if (Long.compareUnsigned(window.base(), LIMIT_32) < 0 && Long.compareUnsigned(window.end(), LIMIT_32) < 0) {
      return Resource.memory(window.base(), window.size());
    }
    return Resource.window(Resource.MEMORY, Resource.READ_WRITE, window.base(), window.size(), 0)
        .set(Resource.QwordAddressSpace.GENERAL_FLAGS, CONSUMER | Resource.MINIMUM_FIXED | Resource.MAXIMUM_FIXED);
  }

  /** I/O ports of a device. */
  private static StructureBuilder ports(AddressWindow window) {
    return Resource.ports(window.port(), (int) window.size());
  }

  /** An interrupt of a device. */
  public static StructureBuilder interrupt(AcpiInterrupt interrupt) {
    return Resource.interrupt(interrupt.gsiv(), (interrupt.edge() ? Resource.EDGE : 0) | (interrupt.activeLow() ? Resource.ACTIVE_LOW : 0));
  }
}
