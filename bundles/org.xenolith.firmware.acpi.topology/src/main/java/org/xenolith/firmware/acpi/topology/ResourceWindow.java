// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.topology;

import java.util.Optional;
import org.xenolith.acpi.codec.Resource;
import org.xenolith.acpi.codec.Structure;
import org.xenolith.acpi.codec.StructureLayout;
import org.xenolith.acpi.codec.TableField;

/**
 * An address space descriptor.
 *
 * @param type     {@link Resource#MEMORY}, {@link Resource#IO} or {@link Resource#BUS}
 * @param consumed whether the device uses it itself
 * @param flags    of the type
 * @param bus      first address, or bus
 * @param cpu      where processors see it
 * @param size     addresses, or buses
 */
record ResourceWindow(int type, boolean consumed, int flags, long bus, long cpu, long size) {
  /** GENERAL_FLAGS: the device uses the range itself, and doesn't pass it on. */
  private static final int CONSUMER = 1;

  static Optional<ResourceWindow> of(Structure resource) {
    StructureLayout kind = resource.layout();
    if (kind == Resource.WORD_ADDRESS_SPACE) {
      return Optional.of(of(resource, Resource.WordAddressSpace.RESOURCE_TYPE, Resource.WordAddressSpace.GENERAL_FLAGS,
          Resource.WordAddressSpace.TYPE_FLAGS, Resource.WordAddressSpace.MINIMUM, Resource.WordAddressSpace.TRANSLATION,
          Resource.WordAddressSpace.ADDRESS_LENGTH));
    }
    if (kind == Resource.DWORD_ADDRESS_SPACE) {
      return Optional.of(of(resource, Resource.DwordAddressSpace.RESOURCE_TYPE, Resource.DwordAddressSpace.GENERAL_FLAGS,
          Resource.DwordAddressSpace.TYPE_FLAGS, Resource.DwordAddressSpace.MINIMUM, Resource.DwordAddressSpace.TRANSLATION,
          Resource.DwordAddressSpace.ADDRESS_LENGTH));
    }
    return kind != Resource.QWORD_ADDRESS_SPACE ? Optional.empty() : Optional.of(of(resource, Resource.QwordAddressSpace.RESOURCE_TYPE,
        Resource.QwordAddressSpace.GENERAL_FLAGS, Resource.QwordAddressSpace.TYPE_FLAGS, Resource.QwordAddressSpace.MINIMUM,
        Resource.QwordAddressSpace.TRANSLATION, Resource.QwordAddressSpace.ADDRESS_LENGTH));
  }

  private static ResourceWindow of(Structure resource, TableField type, TableField general, TableField flags, TableField minimum,
      TableField translation, TableField size) {
    long bus = resource.get(minimum, 0);
    return new ResourceWindow((int) resource.get(type, 0), (resource.get(general, 0) & CONSUMER) != 0, (int) resource.get(flags, 0), bus,
        bus + resource.get(translation, 0), resource.get(size, 0));
  }
}
