// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.api;

import java.util.Collection;
import java.util.Optional;
import org.xenolith.machine.control.Machine.DeviceFact;

/**
 * What is known of a layer.
 *
 * @param name     its role
 * @param version  of what its steps and numbers mean ({@link EfiLayer#version})
 * @param instance by which the machine knows who provides it
 */
public record LayerFacts(String name, int version, String instance) {
  /** Which bundle provides it, and of which version. @param devices of the machine; empty if none of them is it */
  public Optional<DeviceFact> provider(Collection<DeviceFact> devices) {
    return devices.stream().filter(each -> each.instance().equals(instance) && !each.bundle().isEmpty()).findFirst();
  }
}
