// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.api;

import java.util.List;
import java.util.OptionalLong;
import org.osgi.annotation.versioning.ProviderType;

/** One device of a machine, as its model's tables have it. Nothing is read as a guest does it: a read may act. */
@ProviderType
public interface InspectedDevice {
  /** Where it is: the path of its node, of a function with its id behind {@code #}. */
  String name();

  /** Its model's name; empty while none is there. */
  String model();

  /** All registers in its tables, windows together; none while no model is there. */
  List<DeviceRegister> registers();

  /**
   * The value of a register as it is stored.
   *
   * @return empty if what a guest reads there is made when it reads
   * @throws IllegalArgumentException if it hasn't that one
   */
  OptionalLong value(DeviceRegister register);
}
